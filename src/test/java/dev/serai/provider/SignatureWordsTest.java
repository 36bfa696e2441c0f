package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a folder may not declare of its webhooks, each with its remedy. */
class SignatureWordsTest {
  private static final String BY_SET =
      "{\"signature\":{\"type\":\"jwt\",\"header\":\"Authorization\",\"prefix\":\"Bearer \",\"jwks\":\"https://keys.example.com/set\",\"issuer\":\"vendor\",\"audience\":\"url\"}}";

  @Test
  void what_leaves_a_door_open_is_refused_when_the_folder_is_loaded() {
    assertThat(problems(BY_SET.replace(",\"audience\":\"url\"", "")))
        .contains("audience: a token that the provider made for somebody else would be believed");
    assertThat(problems(BY_SET.replace("https://keys", "http://keys")))
        .contains("is no https address");
    assertThat(
            problems(
                "{\"signature\":{\"type\":\"digest\",\"header\":\"S\",\"signed\":[\"body\"]}}"))
        .contains("anybody can make this digest");
    assertThat(problems("{\"signature\":{\"header\":\"S\",\"public_key\":\"x\"}}"))
        .contains("a signature by hmac has no public key");
    assertThat(problems("{\"signature\":{\"type\":\"rsa\",\"header\":\"S\",\"public_key\":\"x\"}}"))
        .contains("this is no public key for rsa");
    assertThat(
            problems(
                "{\"signature\":{\"type\":\"ecdsa\",\"header\":\"S\",\"algorithm\":\"sha1\"}}"))
        .contains("sha1 is not for a signature by ecdsa");
    assertThat(
            problems(
                "{\"signature\":{\"type\":\"jwt\",\"header\":\"S\",\"algorithm\":\"sha256\"}}"))
        .contains("tokens are not signed by sha256");
  }

  private static String problems(String webhooks) {
    List<ProviderProblem> problems = new ArrayList<>();
    var unused = VendorWebhooks.spec(Json.parse(webhooks), problems);
    return problems.toString();
  }

  @Test
  void a_handshake_that_could_not_be_kept_or_answered_is_refused_when_the_folder_is_loaded() {
    assertThat(problems("{\"signature\":{\"header\":\"S\",\"secret\":\"handshake\"}}"))
        .contains("no handshake brings its secret");
    assertThat(
            problems(
                "{\"signature\":{\"header\":\"S\",\"secret\":\"client_secret\"},\"handshake\":{\"header\":\"H\"}}"))
        .contains("it is not said where the secret is kept");
    assertThat(
            problems(
                "{\"signature\":{\"header\":\"S\"},\"handshake\":{\"path\":\".t\",\"echo\":true}}"))
        .contains("only a header is answered");
    assertThat(problems("{\"unsigned\":true,\"handshake\":{\"header\":\"H\"}}"))
        .contains("it is not said where the secret is kept");
  }

  @Test
  void each_problem_says_what_to_do() {
    assertThat(problems("{\"signature\":{\"header\":\"S\",\"secret\":\"handshake\"}}"))
        .contains("webhooks.signature", "add `handshake: {…}`");
  }
}

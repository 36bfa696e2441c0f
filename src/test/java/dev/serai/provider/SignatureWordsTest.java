package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void a_secret_of_the_connection_that_is_not_sealed_is_refused_when_the_folder_is_loaded()
      throws Exception {
    assertThat(problems("{\"signature\":{\"header\":\"S\",\"secret\":\"metadata.x\"}}"))
        .contains("metadata is no secret", "write connection_config.<field>");
    assertThat(problems("{\"signature\":{\"header\":\"S\",\"secret\":[\"connection_config.x\"]}}"))
        .contains("connection_config has no field x", "with `secret: true`");
    Path folder = Files.createTempDirectory("desk").resolve("desk");
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("provider.yaml"),
        """
        name: desk
        display_name: Desk
        auth: {type: none}
        base_url: https://desk.example.com
        connection_config:
          hook: {title: Hook, description: The secret, pattern: '.*', example: x}
        webhooks:
          signature:
            header: S
            secret: connection_config.hook
          match: {query: c, to: connection_id}
        """);

    assertThat(new ProviderReader(folder).read().problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line()).isEqualTo(10);
          assertThat(problem.message()).contains("the field hook is not secret");
          assertThat(problem.remedy())
              .isEqualTo("declare connection_config.hook with `secret: true`");
        });
  }

  @Test
  void what_is_forgotten_before_it_is_stale_is_refused_when_the_folder_is_loaded() {
    String webhooks =
        "{\"signature\":{\"header\":\"S\"},\"timestamp\":{\"header\":\"T\",\"window\":\"10m\"},\"remember\":\"%s\"}";

    assertThat(problems(webhooks.formatted("19m")))
        .contains("a delivery would be forgotten while it can still be replayed");
    assertThat(problems(webhooks.formatted("20m"))).isEqualTo("[]");
  }

  @Test
  void each_problem_says_what_to_do() {
    assertThat(problems("{\"signature\":{\"header\":\"S\",\"secret\":\"handshake\"}}"))
        .contains("webhooks.signature", "add `handshake: {…}`");
  }
}

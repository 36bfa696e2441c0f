package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.support.FakeProvider;
import dev.serai.support.TestSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every door for what a customer types in, from the door to the stored connection to a call that
 * the provider believes.
 */
@Timeout(120)
class EnteredDoorsTest {
  @TempDir static Path folder;
  private static Desks desks;
  private static ConnectWorld world;

  @BeforeAll
  static void open() throws Exception {
    desks = new Desks(folder.resolve("providers"));
    Desks.write(
        folder.resolve("providers"),
        "http://10.255.255.1:81",
        "away",
        "auth: {type: api_key, name: X-Key}");
    world =
        new ConnectWorld(
            new TestSettings(folder.resolve("data"))
                .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
                .with("SERAI_OUTGOING_ALLOW", "127.0.0.1/32"),
            desks.http.url());
    for (String desk :
        List.of(
            "key", "pair", "open", "wsse", "jwt", "steps", "client", "signer", "moved", "gone",
            "away")) {
      integrate(desk, "");
    }
    integrate(
        "tba",
        ",\"credentials\":{\"type\":\"TBA\",\"client_id\":\"ck\",\"client_secret\":\"cs-of-the-app\"}");
    integrate(
        "aws",
        ",\"credentials\":{\"type\":\"AWS_SIGV4\",\"client_id\":\"AKIA1\",\"client_secret\":\"long-lived\"}");
    desks.externalId = externalId(world.session(""));
  }

  /** As a page or a backend asks for it before the customer makes his role. */
  private static String externalId(String session) throws Exception {
    return world.call("GET", "/connect/session", "", session).at("/data/externalId");
  }

  @AfterAll
  static void close() {
    world.close();
    desks.close();
  }

  private static void integrate(String desk, String more) throws Exception {
    ConnectWorld.Answer made =
        world.api(
            "POST",
            "/integrations",
            "{\"provider\":\"%1$s\",\"unique_key\":\"%1$s\"%2$s}".formatted(desk, more));
    assertThat(made.status()).as(made.whole().body()).isEqualTo(200);
  }

  /**
   * @param query further parameters of the door
   * @param wrong what the provider does not believe, with a secret that must not be shown
   */
  record Door(String desk, String path, String query, String type, String right, String wrong) {
    @Override
    public String toString() {
      return type + " of " + desk;
    }
  }

  static Stream<Door> doors() {
    String key = Json.write(Json.mapper().valueToTree(desks.pem));
    String other =
        Json.write(
            Json.mapper()
                .valueToTree(Desks.pem("PRIVATE KEY", Desks.rsa().getPrivate().getEncoded())));
    return Stream.of(
        new Door(
            "key",
            "/api-auth/api-key/",
            "",
            "API_KEY",
            "{\"apiKey\":\"right-key\"}",
            "{\"apiKey\":\"hidden-wrong\"}"),
        new Door(
            "pair",
            "/api-auth/basic/",
            "",
            "BASIC",
            "{\"username\":\"ann\",\"password\":\"right-pass\"}",
            "{\"username\":\"ann\",\"password\":\"hidden-wrong\"}"),
        new Door(
            "wsse",
            "/auth/signature/",
            "",
            "SIGNATURE",
            "{\"type\":\"SIGNATURE\",\"username\":\"ann\",\"password\":\"right-pass\"}",
            "{\"type\":\"SIGNATURE\",\"username\":\"ann\",\"password\":\"hidden-wrong\"}"),
        new Door(
            "tba",
            "/auth/tba/",
            "&params%5BaccountId%5D=77_A",
            "TBA",
            "{\"token_id\":\"tid\",\"token_secret\":\"right-tsecret\"}",
            "{\"token_id\":\"tid\",\"token_secret\":\"hidden-wrong\"}"),
        new Door(
            "tba",
            "/auth/tba/",
            "&params%5BaccountId%5D=77_A",
            "TBA",
            "{\"token_id\":\"tid\",\"token_secret\":\"right-tsecret\",\"oauth_client_id_override\":\"own-ck\",\"oauth_client_secret_override\":\"cs-of-the-customer\"}",
            "{\"token_id\":\"tid\",\"token_secret\":\"right-tsecret\",\"oauth_client_id_override\":\"own-ck\",\"oauth_client_secret_override\":\"hidden-wrong\"}"),
        new Door(
            "jwt",
            "/auth/jwt/",
            "",
            "JWT",
            "{\"type\":\"JWT\",\"privateKeyId\":\"K1\",\"issuerId\":\"issuer-1\",\"privateKey\":%s}"
                .formatted(key),
            "{\"privateKeyId\":\"K1\",\"issuerId\":\"issuer-1\",\"privateKey\":%s}"
                .formatted(other)),
        new Door(
            "steps",
            "/auth/two-step/",
            "",
            "TWO_STEP",
            "{\"type\":\"TWO_STEP\",\"username\":\"ann\",\"password\":\"right-pass\"}",
            "{\"type\":\"TWO_STEP\",\"username\":\"ann\",\"password\":\"hidden-wrong\"}"),
        new Door(
            "client",
            "/oauth2/auth/",
            "",
            "OAUTH2_CC",
            "{\"client_id\":\"cid\",\"client_secret\":\"right-secret\"}",
            "{\"client_id\":\"cid\",\"client_secret\":\"hidden-wrong\"}"),
        new Door(
            "signer",
            "/oauth2/auth/",
            "",
            "OAUTH2_CC",
            "{\"client_id\":\"cid\",\"client_private_key\":%s}".formatted(key),
            "{\"client_id\":\"cid\",\"client_private_key\":%s}".formatted(other)),
        new Door(
            "aws",
            "/auth/aws-sigv4/",
            "",
            "AWS_SIGV4",
            "{\"role_arn\":\"%s\",\"region\":\"eu-central-1\"}".formatted(Desks.ROLE),
            "{\"role_arn\":\"hidden-wrong\",\"region\":\"eu-central-1\"}"));
  }

  @ParameterizedTest
  @MethodSource("doors")
  void what_is_entered_right_is_connected_and_called_with(Door door) throws Exception {
    String session = "?connect_session_token=" + world.session("") + door.query;
    int before = world.count(door.desk);
    ConnectWorld.Answer wrong = world.page(door.path + door.desk + session, door.wrong);
    assertThat(wrong.status()).as(wrong.whole().body()).isEqualTo(400);
    assertThat(wrong.code()).isEqualTo("connection_test_failed");
    assertThat(wrong.at("/error/message")).isNotBlank().doesNotContain("hidden-wrong");
    assertThat(world.count(door.desk)).isEqualTo(before);

    ConnectWorld.Answer right = world.page(door.path + door.desk + session, door.right);
    assertThat(right.status()).as(right.whole().body()).isEqualTo(200);
    String id = right.at("/connectionId");
    assertThat(right.body())
        .isEqualTo(Json.object().put("connectionId", id).put("providerConfigKey", door.desk));
    assertThat(me(door.desk, id).at("/id")).isEqualTo("acc-1");
    assertThat(shown(door.desk, id).at("/credentials/type")).isEqualTo(door.type);
    assertThat(stored()).doesNotContain("right-", "sts-session", "token-1");
  }

  /** The call of the connection's action. */
  private static ConnectWorld.Answer me(String desk, String connection) throws Exception {
    ConnectWorld.Answer answer =
        world.api(
            "POST",
            "/action/trigger",
            "{\"action_name\":\"me\",\"input\":{}}",
            "Connection-Id",
            connection,
            "Provider-Config-Key",
            desk);
    assertThat(answer.status()).as(answer.whole().body()).isEqualTo(200);
    return answer;
  }

  private static ConnectWorld.Answer shown(String desk, String connection) throws Exception {
    return world.api("GET", "/connections/" + connection + "?provider_config_key=" + desk, "");
  }

  private static String stored() {
    return world.database.read(handle ->
        handle
            .createQuery(
                "select coalesce(string_agg(c::text || encode(k.sealed, 'escape'), ' '), '') from connection c join credential k on k.connection = c.id")
            .mapTo(String.class)
            .one());
  }

  @Test
  void nothing_is_entered_where_nothing_is_asked() throws Exception {
    ConnectWorld.Answer made =
        world.page("/auth/unauthenticated/open?connect_session_token=" + world.session(""), "");

    assertThat(made.status()).as(made.whole().body()).isEqualTo(200);
    assertThat(me("open", made.at("/connectionId")).at("/id")).isEqualTo("acc-1");
    assertThat(shown("open", made.at("/connectionId")).body().path("credentials").isEmpty())
        .isTrue();
  }

  @Test
  void a_token_that_the_customer_made_may_come_by_the_popup() throws Exception {
    String query = tokenOf(world.session(""));
    Popup popup = new Popup(world.url);

    assertThat(
            Popup.errorType(popup.get(world.url + "/oauth/connect/tba?" + query + "hidden-wrong")))
        .isEqualTo("connection_test_failed");
    var page = popup.get(world.url + "/oauth/connect/tba?" + query + "right-tsecret");
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("right-tsecret");
    var half =
        popup.get(
            world.url
                + "/oauth/connect/tba?"
                + tokenOf(world.session(""))
                + "right-tsecret&credentials%5Boauth_client_id_override%5D=own-ck");
    assertThat(Popup.errorType(half)).isEqualTo("url_param_err");
    var own =
        popup.get(
            world.url
                + "/oauth/connect/tba?"
                + tokenOf(world.session(""))
                + "right-tsecret&credentials%5Boauth_client_id_override%5D=own-ck&credentials%5Boauth_client_secret_override%5D=cs-of-the-customer");
    assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    assertThat(
            world.number(
                "select count(*) from connection c join integration i on i.id = c.integration where i.unique_key = 'tba'"))
        .isGreaterThanOrEqualTo(2);
  }

  private static String tokenOf(String session) {
    return "connect_session_token="
        + session
        + "&params%5BaccountId%5D=77_A&token_id=tid&token_secret=";
  }

  @Test
  void a_session_is_renewed_by_its_refresh_step() throws Exception {
    String id =
        world
            .page(
                "/auth/two-step/steps?connect_session_token=" + world.session(""),
                "{\"type\":\"TWO_STEP\",\"username\":\"ann\",\"password\":\"right-pass\"}")
            .at("/connectionId");
    String old = shown("steps", id).at("/credentials/token");
    String renewed =
        world
            .api("GET", "/connections/" + id + "?provider_config_key=steps&force_refresh=true", "")
            .at("/credentials/token");

    assertThat(renewed).startsWith("token-").isNotEqualTo(old);
    assertThat(desks.http.requests()).anyMatch(request -> request.path().equals("/steps/again"));
    assertThat(me("steps", id).at("/id")).isEqualTo("acc-1");
  }

  /** What a form left out, or has in the wrong shape, is said by name and nobody is asked. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api-auth/api-key/key | {} | apiKey",
        "/api-auth/api-key/key | {\"apiKey\":\"\"} | apiKey",
        "/api-auth/api-key/key | {\"apiKey\":\"NO 1\"} | apiKey",
        "/api-auth/basic/pair | {\"username\":\"ann\"} | password",
        "/auth/signature/wsse | {\"password\":\"x\"} | username",
        "/auth/tba/tba | {\"token_id\":\"tid\"} | token_secret",
        "/auth/tba/tba | {\"token_id\":\"tid\",\"token_secret\":\"x\",\"oauth_client_secret_override\":\"x\"} | oauth_client_id_override",
        "/auth/tba/tba | {\"token_id\":\"tid\",\"token_secret\":\"x\",\"oauth_client_id_override\":\"x\"} | oauth_client_secret_override",
        "/auth/jwt/jwt | {\"privateKeyId\":\"K1\",\"privateKey\":\"x\"} | issuerId",
        "/auth/jwt/jwt | {\"privateKeyId\":\"K1\",\"issuerId\":\"Not One\",\"privateKey\":\"x\"} | issuerId",
        "/auth/jwt/jwt | {\"privateKeyId\":{\"a\":1},\"issuerId\":\"i\",\"privateKey\":\"x\"} | privateKeyId",
        "/auth/two-step/steps | {\"username\":\"ann\"} | password",
        "/oauth2/auth/client | {\"client_id\":\"cid\"} | client_secret",
        "/oauth2/auth/signer | {\"client_id\":\"cid\",\"client_secret\":\"x\"} | client_private_key",
        "/auth/aws-sigv4/aws | {\"region\":\"eu-central-1\"} | role_arn",
        "/auth/signature/wsse | [] | ",
      })
  void what_is_entered_wrong_is_named(String path, String body, String field) throws Exception {
    int asked = desks.http.requests().size();
    ConnectWorld.Answer refused =
        world.page(
            path + "?connect_session_token=" + world.session("") + "&params%5BaccountId%5D=1",
            body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).as(refused.whole().body()).isEqualTo("invalid_body");
    assertThat(refused.at("/error/message")).isNotBlank();
    assertThat(refused.body().at("/error/errors/0/path/0").asText(""))
        .isEqualTo(field == null ? "" : field);
    assertThat(desks.http.requests()).hasSize(asked);
  }

  @Test
  void a_role_is_taken_on_by_the_external_id_of_its_end_user_and_by_no_other() throws Exception {
    String door = "/auth/aws-sigv4/aws?connect_session_token=";
    String role = "{\"role_arn\":\"%s\",\"region\":\"eu-central-1\"%s}";
    String eve =
        world.api("POST", "/connect/sessions", "{\"end_user\":{\"id\":\"eve\"}}").at("/data/token");
    assertThat(externalId(world.session("")))
        .matches("serai-[0-9a-f]{40}")
        .isEqualTo(desks.externalId)
        .isNotEqualTo(externalId(eve));

    ConnectWorld.Answer claimed = world.page(door + eve, role.formatted(Desks.ROLE, ""));
    assertThat(claimed.code()).isEqualTo("connection_test_failed");
    assertThat(claimed.at("/error/message"))
        .as("what her own role would need")
        .contains(externalId(eve))
        .doesNotContain(desks.externalId);
    String chosen = ",\"external_id\":\"%s\"".formatted(desks.externalId);
    assertThat(world.page(door + eve, role.formatted(Desks.ROLE, chosen)).code())
        .isEqualTo("invalid_body");
    ConnectWorld.Answer open = world.page(door + eve, role.formatted(Desks.OPEN_ROLE, ""));
    assertThat(open.code()).isEqualTo("connection_test_failed");
    assertThat(open.at("/error/message")).contains("whoever knows its name", "sts:ExternalId");
  }

  @Test
  void a_token_endpoint_that_nobody_answers_at_is_a_test_that_failed() throws Exception {
    ConnectWorld.Answer refused =
        world.page(
            "/oauth2/auth/gone?connect_session_token=" + world.session(""),
            "{\"client_id\":\"cid\",\"client_secret\":\"right-secret\"}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).as(refused.whole().body()).isEqualTo("connection_test_failed");
    assertThat(refused.at("/error/message")).isNotBlank().doesNotContain("right-secret");
  }

  @Test
  void a_reconnect_at_another_address_is_another_account_and_gets_no_secret_of_the_old_one()
      throws Exception {
    String door = "/api-auth/api-key/moved?connect_session_token=";
    String id =
        world
            .page(
                door + world.session("") + "&params%5Bpin%5D=hidden-pin",
                "{\"apiKey\":\"right-key\"}")
            .at("/connectionId");
    try (FakeProvider other = new FakeProvider()) {
      other.answering(request -> FakeProvider.Answer.json("{\"id\":\"acc-1\"}"));
      String moved =
          door
              + world.reconnect("moved", id, "")
              + "&params%5Burl%5D="
              + other.url()
              + "/moved&confirm_account_change=";

      ConnectWorld.Answer refused = world.page(moved + "false", "{\"apiKey\":\"any\"}");
      assertThat(refused.code()).as(refused.whole().body()).isEqualTo("account_differs");
      assertThat(refused.at("/error/message")).contains(desks.http.url(), other.url());
      ConnectWorld.Answer confirmed = world.page(moved + "true", "{\"apiKey\":\"any\"}");
      assertThat(confirmed.status()).as(confirmed.whole().body()).isEqualTo(200);
      assertThat(other.requests()).isNotEmpty();
      assertThat(other.requests()).noneMatch(request -> request.toString().contains("hidden-pin"));
    }
  }

  @Test
  void a_reconnect_at_the_same_address_keeps_its_secrets() throws Exception {
    String door = "/api-auth/api-key/moved?connect_session_token=";
    String id =
        world
            .page(
                door + world.session("") + "&params%5Bpin%5D=hidden-pin",
                "{\"apiKey\":\"right-key\"}")
            .at("/connectionId");
    int asked = desks.http.requests().size();
    ConnectWorld.Answer again =
        world.page(door + world.reconnect("moved", id, ""), "{\"apiKey\":\"right-key\"}");

    assertThat(again.status()).as(again.whole().body()).isEqualTo(200);
    assertThat(desks.http.requests().subList(asked, desks.http.requests().size()))
        .isNotEmpty()
        .allMatch(request -> "hidden-pin".equals(request.headers().get("x-pin")));
  }

  @Test
  void what_is_entered_beside_the_fields_is_not_kept() throws Exception {
    String id =
        world
            .page(
                "/auth/two-step/steps?connect_session_token=" + world.session(""),
                "{\"type\":\"TWO_STEP\",\"username\":\"ann\",\"password\":\"right-pass\",\"assertionOption\":\"a\",\"expires_at\":\"never\",\"refresh_token\":\"mine\",\"junk\":{\"a\":1}}")
            .at("/connectionId");

    ConnectWorld.Answer shown =
        world.api(
            "GET", "/connections/" + id + "?provider_config_key=steps&refresh_token=true", "");
    assertThat(shown.status()).as(shown.whole().body()).isEqualTo(200);
    assertThat(shown.body().path("credentials").propertyStream().map(e -> e.getKey()))
        .containsExactlyInAnyOrder(
            "type", "username", "password", "token", "refresh_token", "expires_at", "raw");
    assertThat(shown.at("/credentials/refresh_token")).startsWith("token-");
    assertThat(me("steps", id).at("/id")).isEqualTo("acc-1");
  }

  @Test
  void an_address_that_lacks_its_account_is_refused_before_anybody_is_asked() throws Exception {
    int asked = desks.http.requests().size();
    String query = "connect_session_token=" + world.session("");
    for (String more : List.of("", "&params%5BaccountId%5D=" + encoded("no\"1"))) {
      ConnectWorld.Answer refused =
          world.page(
              "/auth/tba/tba?" + query + more, "{\"token_id\":\"tid\",\"token_secret\":\"x\"}");
      assertThat(refused.code()).isEqualTo("connection_validation_failed");
      assertThat(refused.at("/error/message")).contains("Account");
    }
    assertThat(desks.http.requests()).hasSize(asked);
  }

  @Test
  void a_page_is_told_what_the_provider_said_why_no_answer_came_and_which_field_is_wrong()
      throws Exception {
    String query = "?connect_session_token=" + world.session("");
    ConnectWorld.Answer refused =
        world.page("/api-auth/api-key/key" + query, "{\"apiKey\":\"wrong-one\"}");
    assertThat(refused.at("/error/provider_message")).isEqualTo("who is it?");
    assertThat(refused.body().at("/error").has("reason")).isFalse();

    ConnectWorld.Answer unreachable =
        world.page("/api-auth/api-key/away" + query, "{\"apiKey\":\"any-key\"}");
    assertThat(unreachable.code()).isEqualTo("connection_test_failed");
    assertThat(unreachable.at("/error/reason")).isEqualTo("address_refused");
    assertThat(unreachable.body().at("/error").has("provider_message")).isFalse();

    ConnectWorld.Answer configured =
        world.page(
            "/auth/tba/tba" + query + "&params%5BaccountId%5D=no",
            "{\"token_id\":\"tid\",\"token_secret\":\"x\"}");
    assertThat(configured.body().at("/error/errors/0/path"))
        .hasToString("[\"connection_config\",\"accountId\"]");
    assertThat(configured.at("/error/message")).isEqualTo("Account must look like 1");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

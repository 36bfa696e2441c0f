package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.api.Client.Answer;
import dev.serai.http.Headers;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectSessionsApiTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private ApiRooms rooms;
  private Api api;
  private Client client;
  private int environment;

  @BeforeEach
  void open() {
    rooms = new ApiRooms(postgres.database());
    api = rooms.api(10_000);
    environment = postgres.environment();
    client = new Client(api, key(environment));
    client.createIntegration("helpdesk", "hd");
    client.createIntegration("wiki", "wiki");
  }

  private UUID key(int of) {
    UUID key = UUID.randomUUID();
    rooms.keys.put(of, "test " + key, key);
    return key;
  }

  @Test
  void a_session_has_a_token_a_link_and_half_an_hour() {
    Answer made = create("{\"end_user\":{\"id\":\"ann\"}}");

    assertThat(made.status()).isEqualTo(201);
    String token = made.at("/data/token").asText();
    assertThat(token).matches("nango_connect_session_[0-9a-f]{64}");
    assertThat(made.at("/data/connect_link").asText())
        .isEqualTo("http://serai.test/connect/?session_token=" + token);
    assertThat(Instant.parse(made.at("/data/expires_at").asText()))
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(29)), Instant.now().plus(Duration.ofMinutes(31)));
    assertThat(stored("hash")).doesNotContain(token.substring(22));
    assertThat(stored("sealed")).doesNotContain("ann");
  }

  @Test
  void a_session_shows_what_it_may_and_hides_what_it_is() {
    Answer made =
        create(
            """
            {"end_user":{"id":"ann","email":"ann@example.com"},"organization":{"id":"acme"},
             "allowed_integrations":["hd"],
             "integrations_config_defaults":{"hd":{"user_scopes":"read","connection_config":{"x":"y"}}},
             "overrides":{"hd":{"docs_connect":"https://example.com/help"}}}
            """);
    Answer shown = as(token(made), "getConnectSession");

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.at("/data/endUser/id").asText()).isEqualTo("ann");
    assertThat(shown.at("/data/endUser/organization/id").asText()).isEqualTo("acme");
    assertThat(shown.at("/data/allowed_integrations").toString()).isEqualTo("[\"hd\"]");
    assertThat(shown.at("/data/integrations_config_defaults/hd/connection_config/x").asText())
        .isEqualTo("y");
    assertThat(shown.at("/data/overrides/hd/docs_connect").asText())
        .isEqualTo("https://example.com/help");
    assertThat(shown.at("/data/isReconnecting").isMissingNode()).isTrue();
    assertThat(shown.at("/data/mayConfirmAccountChange").isMissingNode()).isTrue();
    assertThat(shown.at("/data/used_integrations").isMissingNode()).isTrue();
    assertThat(shown.at("/data/connectUISettings/defaultTheme").asText()).isEqualTo("system");
    assertThat(shown.at("/data/websocketsPath").asText()).isEqualTo("/");
  }

  @Test
  void a_session_lists_only_the_integrations_it_allows() {
    String token = token(create("{\"tags\":{\"team\":\"a\"},\"allowed_integrations\":[\"wiki\"]}"));

    assertThat(as(token, "listIntegrations").body().findValuesAsText("unique_key"))
        .containsExactly("wiki");
    assertThat(as(token, "listProviders").status()).isEqualTo(200);
  }

  @Test
  void a_session_that_allows_nothing_is_not_one_that_is_used_up() {
    String token = token(create("{\"end_user\":{\"id\":\"ann\"},\"allowed_integrations\":[]}"));
    Answer shown = as(token, "getConnectSession");

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.at("/data/allowed_integrations")).isEmpty();
    assertThat(shown.at("/data/externalId").asText()).matches("serai-[0-9a-f]{40}");
  }

  @Test
  void a_session_reaches_nothing_but_what_is_open_to_sessions() {
    String token = token(create("{\"end_user\":{\"id\":\"ann\"}}"));
    List<String> open =
        List.of(
            "getConnectSession",
            "deleteConnectSession",
            "listIntegrations",
            "listProviders",
            "getProvider");

    assertThat(api.operations())
        .filteredOn(operation -> !open.contains(operation))
        .hasSizeGreaterThan(20)
        .allSatisfy(operation -> assertThat(as(token, operation).status()).isEqualTo(403));
  }

  @Test
  void an_api_key_is_no_session() {
    assertThat(client.get("getConnectSession", Map.of(), "").status()).isEqualTo(403);
  }

  @Test
  void a_session_that_was_ended_or_whose_time_is_over_opens_nothing() {
    String ended = token(create("{\"end_user\":{\"id\":\"ann\"}}"));
    assertThat(as(ended, "deleteConnectSession").status()).isEqualTo(204);
    assertThat(as(ended, "getConnectSession").code()).isEqualTo("unknown_connect_session_token");

    String late = token(create("{\"end_user\":{\"id\":\"ann\"}}"));
    postgres
        .database()
        .useTransaction(
            h -> h.execute("update connect_session set expires_at = now() - interval '1 second'"));
    assertThat(as(late, "getConnectSession").status()).isEqualTo(401);
    assertThat(as(late, "getConnectSession").code()).isEqualTo("unknown_connect_session_token");
  }

  @Test
  void a_guessed_or_misspelt_token_opens_nothing() {
    String token = token(create("{\"end_user\":{\"id\":\"ann\"}}"));
    String last = token.endsWith("0") ? "1" : "0";

    assertThat(as(token.substring(0, token.length() - 1) + last, "getConnectSession").code())
        .isEqualTo("unknown_connect_session_token");
    assertThat(as("nango_connect_session_1234", "getConnectSession").code())
        .isEqualTo("invalid_connect_session_token_format");
  }

  @Test
  void an_integration_of_another_environment_does_not_exist() {
    int other =
        postgres
            .database()
            .inTransaction(h ->
                h.createQuery(
                        "insert into environment (name, webhook_signing_key) values ('prod', '\\x00') returning id")
                    .mapTo(Integer.class)
                    .one());
    Client stranger = new Client(api, key(other));
    Answer refused =
        stranger.send(
            "createConnectSession",
            Map.of(),
            "",
            "{\"end_user\":{\"id\":\"eve\"},\"allowed_integrations\":[\"hd\"],\"overrides\":{\"hd\":{}}}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/error/errors").findValuesAsText("message"))
        .containsOnly("Integration does not exist")
        .hasSize(2);
  }

  @Test
  void a_session_must_say_whose_it_is_and_nothing_that_nobody_knows() {
    Answer nobody = create("{}");
    assertThat(nobody.code()).isEqualTo("invalid_body");
    assertThat(nobody.at("/error/errors/0/path").toString()).isEqualTo("[\"end_user\"]");
    assertThat(
            create("{\"end_user\":{\"id\":\"a\"},\"colour\":\"blue\"}")
                .at("/error/errors/0/code")
                .asText())
        .isEqualTo("unrecognized_keys");
    assertThat(
            create(
                    "{\"end_user\":{\"id\":\"a\"},\"integrations_config_defaults\":{\"hd\":{\"scopes\":\"x\"}}}")
                .at("/error/errors/0/path")
                .toString())
        .isEqualTo("[\"integrations_config_defaults\",\"hd\"]");
  }

  @Test
  void a_reconnect_session_is_for_one_connection_that_exists() {
    client.createConnection("hd", "c1");
    Answer made =
        client.send(
            "createReconnectSession",
            Map.of(),
            "",
            "{\"connection_id\":\"c1\",\"integration_id\":\"hd\"}");
    Answer shown = as(token(made), "getConnectSession");

    assertThat(made.status()).isEqualTo(201);
    assertThat(shown.at("/data/isReconnecting").asBoolean()).isTrue();
    assertThat(shown.at("/data/mayConfirmAccountChange").asBoolean()).isTrue();
    assertThat(shown.at("/data/allowed_integrations").toString()).isEqualTo("[\"hd\"]");
    assertThat(shown.at("/data/endUser").isNull()).isTrue();
    Answer unknown =
        client.send(
            "createReconnectSession",
            Map.of(),
            "",
            "{\"connection_id\":\"c1\",\"integration_id\":\"wiki\"}");
    assertThat(unknown.code()).isEqualTo("invalid_body");
    assertThat(unknown.at("/error/errors/0/message").asText())
        .isEqualTo("ConnectionID or IntegrationId does not exists");
  }

  @Test
  void a_reconnect_session_tells_the_page_when_the_backend_takes_no_other_account() {
    client.createConnection("hd", "c1");
    Answer made =
        client.send(
            "createReconnectSession",
            Map.of(),
            "",
            "{\"connection_id\":\"c1\",\"integration_id\":\"hd\",\"confirm_account_change\":false}");

    assertThat(as(token(made), "getConnectSession").at("/data/mayConfirmAccountChange").toString())
        .isEqualTo("false");
  }

  private Answer create(String body) {
    return client.send("createConnectSession", Map.of(), "", body);
  }

  private static String token(Answer made) {
    return made.at("/data/token").asText();
  }

  private Answer as(String token, String operation) {
    ApiReply reply =
        api.answer(
            new ApiRequest(
                operation,
                "GET",
                "/",
                "/",
                Map.of("provider", "helpdesk"),
                QueryString.parse(""),
                new Headers(List.of(new Headers.Line("Authorization", "Bearer " + token))),
                new byte[0],
                "127.0.0.1"));
    return new Answer(reply.status(), Replies.json(reply));
  }

  private static String stored(String column) {
    return postgres
        .database()
        .read(h ->
            h.createQuery(
                    "select string_agg(encode(" + column + ", 'escape'), ' ') from connect_session")
                .mapTo(String.class)
                .one());
  }
}

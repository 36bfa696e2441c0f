package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.action.ActionDefinition;
import dev.serai.action.ActionRoute;
import dev.serai.api.Client.Answer;
import dev.serai.connection.ProviderRefusal;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionsApiTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private ApiRooms rooms;
  private Client client;

  @BeforeEach
  void start() {
    rooms = new ApiRooms(postgres.database());
    UUID key = UUID.randomUUID();
    rooms.keys.put(postgres.environment(), "test", key);
    client = new Client(rooms.api(0), key);
    client.createIntegration("helpdesk", "hd");
    client.createConnection("hd", "ann");
  }

  @Test
  void the_output_is_answered_raw() {
    offer((connection, input) -> input.path("n"));

    Answer answer = trigger("{\"action_name\":\"create\",\"input\":{\"title\":\"a\",\"n\":[1]}}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).hasToString("[1]");
  }

  @Test
  void a_bad_input_gets_400_naming_field_and_rule() {
    rooms.actions.register(
        new ActionDefinition("helpdesk", "create", "TicketCreate", null),
        (connection, input) -> input);

    Answer answer = trigger("{\"action_name\":\"create\",\"input\":{\"title\":5}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("invalid_action_input");
    assertThat(answer.at("/error/payload/errors/0/field").asText()).isEqualTo("title");
    assertThat(answer.at("/error/payload/errors/0/rule").asText()).isEqualTo("type");
    assertThat(answer.at("/error/message").asText()).contains("title");
  }

  @Test
  void an_unknown_action_is_a_404_and_a_missing_name_a_400() {
    assertThat(trigger("{\"action_name\":\"none\"}").status()).isEqualTo(404);
    assertThat(trigger("{\"input\":1}").code()).isEqualTo("invalid_body");
    assertThat(trigger("{\"action_name\":\"a\",\"other\":1}").code()).isEqualTo("invalid_body");
  }

  @ParameterizedTest
  @CsvSource({"422, script_http_error", "429, script_api_rate_limit_error"})
  void a_refusal_of_the_provider_is_relayed(int status, String code) {
    offer((connection, input) -> {
      Headers headers =
          Headers.NONE.with("Content-Type", "application/json").with("Set-Cookie", "s=1");
      byte[] body = "{\"errors\":[\"Subject is blank\"]}".getBytes(StandardCharsets.UTF_8);
      throw new ProviderRefusal(connection, "create", new HttpAnswer(status, headers, body));
    });

    Answer answer = trigger("{\"action_name\":\"create\"}");

    assertThat(answer.status()).isEqualTo(424);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.at("/error/upstream/status").asInt()).isEqualTo(status);
    assertThat(answer.at("/error/upstream/body/errors/0").asText()).isEqualTo("Subject is blank");
    assertThat(answer.at("/error/upstream/headers"))
        .hasToString("{\"content-type\":\"application/json\"}");
  }

  @Test
  void an_error_of_ours_is_a_500_with_an_id_and_without_details() {
    offer((connection, input) -> {
      throw new IllegalStateException("inner secret");
    });

    Answer answer = trigger("{\"action_name\":\"create\"}");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.code()).isEqualTo("generic_error_support");
    assertThat(answer.at("/error/message").asText()).contains(answer.at("/error/payload").asText());
    assertThat(answer.body().toString()).doesNotContain("inner secret");
  }

  @Test
  void what_runs_is_listed_per_integration() {
    offer((connection, input) -> Json.object());

    Answer config = client.get("scriptsConfig", Map.of(), "format=nango");

    assertThat(config.at("/0/providerConfigKey").asText()).isEqualTo("hd");
    assertThat(config.at("/0/actions/0/name").asText()).isEqualTo("create");
  }

  private void offer(ActionRoute route) {
    rooms.actions.register(new ActionDefinition("helpdesk", "create", null, null), route);
  }

  private Answer trigger(String body) {
    return client.call(
        "triggerAction",
        Map.of(),
        "",
        body,
        Map.of("Connection-Id", "ann", "Provider-Config-Key", "hd"));
  }
}

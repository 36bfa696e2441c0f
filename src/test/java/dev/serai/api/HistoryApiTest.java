package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.api.Client.Answer;
import dev.serai.record.ModelPolicies;
import dev.serai.record.ModelPolicy;
import dev.serai.record.Sealed;
import dev.serai.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryApiTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final Map<String, String> ANN =
      Map.of("Connection-Id", "ann", "Provider-Config-Key", "hd");
  private static final ModelPolicies OF_THINGS =
      (provider, model) ->
          model.equals("Thing")
              ? new ModelPolicy(new TreeSet<>(), new TreeSet<>(), Duration.ofDays(30), null, null)
              : ModelPolicy.NONE;

  private UUID key;
  private Api api;
  private Client client;

  @BeforeEach
  void start() {
    ApiRooms rooms = new ApiRooms(postgres.database(), new Sealed()).with(OF_THINGS);
    key = UUID.randomUUID();
    rooms.keys.put(postgres.environment(), "test", key);
    api = rooms.api(0);
    client = new Client(api, key);
    client.createIntegration("helpdesk", "hd");
    long connection = client.createConnection("hd", "ann").at("/id").asLong();
    postgres
        .database()
        .useTransaction(handle -> {
          handle.execute(
              "insert into collection (connection, model, version, last_at) values (?, 'Thing', 3, now())",
              connection);
          handle.execute(
              """
              insert into record_history (collection, version, external_id, action, at, told, before, after) values
                (1, 1, 'a', 'a', now() - interval '3 s', true, null, '{"id":"a"}'),
                (1, 2, 'a', 'u', now() - interval '2 s', false, '{"id":"a"}', '{"id":"a","n":1}'),
                (1, 3, 'a', 'd', now() - interval '1 s', true, '{"id":"a","n":1}', null)
              """);
        });
  }

  @Test
  void changes_are_followed_by_cursor_over_http() throws Exception {
    try (ApiServer server = new ApiServer(api);
        HttpClient http = HttpClient.newHttpClient()) {
      JsonNode first = get(http, server, "model=Thing&limit=1");
      JsonNode rest =
          get(http, server, "model=Thing&cursor=" + first.get("next_cursor").textValue());

      assertThat(first.at("/changes/0/action").textValue()).isEqualTo("ADDED");
      assertThat(rest.get("changes")).hasSize(1);
      assertThat(rest.at("/changes/0/patch/0/op").textValue()).isEqualTo("remove");
      assertThat(rest.get("next_cursor").isNull()).isTrue();
      assertThat(get(http, server, "model=Thing&untold=true").get("changes")).hasSize(3);
    }
  }

  @Test
  void a_model_without_history_is_told_apart_from_one_without_changes() {
    Answer off = list("model=Ticket");

    assertThat(off.status()).isEqualTo(400);
    assertThat(off.code()).isEqualTo("history_off");
    assertThat(off.at("/error/message").asText()).contains("serai.model.Ticket.history");
    assertThat(list("model=Thing&ids=b").at("/changes")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "model=Thing&limit=1001",
        "model=Thing&untold=perhaps",
        "model=Thing&modified_after=2026-01-01",
        "model=Thing&filter=added",
      })
  void a_wrong_query_is_refused(String query) {
    assertThat(list(query).status()).isEqualTo(400);
    assertThat(list(query).code()).isEqualTo("invalid_query_params");
  }

  @Test
  void a_cursor_of_nobody_is_refused() {
    assertThat(list("model=Thing&cursor=nonsense").code()).isEqualTo("invalid_cursor");
  }

  private Answer list(String query) {
    return client.call("listChanges", Map.of(), query, "", ANN);
  }

  private JsonNode get(HttpClient http, ApiServer server, String query) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/records/changes?" + query))
            .header("Authorization", "Bearer " + key);
    ANN.forEach(request::header);
    return Json.parse(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()).body());
  }
}

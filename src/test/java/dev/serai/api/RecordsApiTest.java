package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.api.Client.Answer;
import dev.serai.record.Sealing;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.support.TestDatabase;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsApiTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final Map<String, String> ANN =
      Map.of("Connection-Id", "ann", "Provider-Config-Key", "hd");

  private Client client;
  private long connection;

  @BeforeEach
  void start() {
    ApiRooms rooms = new ApiRooms(postgres.database());
    UUID key = UUID.randomUUID();
    rooms.keys.put(postgres.environment(), "test", key);
    client = new Client(rooms.api(0), key);
    client.createIntegration("helpdesk", "hd");
    connection = client.createConnection("hd", "ann").at("/id").asLong();
  }

  @Test
  void a_backend_follows_the_cursor_until_the_end() {
    save(5, 10);

    Answer first = list("model=Thing&limit=3");
    Answer second = list("model=Thing&limit=3&cursor=" + first.at("/next_cursor").asText());

    assertThat(first.at("/records")).hasSize(3);
    assertThat(second.at("/records")).hasSize(2);
    assertThat(second.at("/next_cursor").isNull()).isTrue();
    assertThat(first.at("/records/0/_nango_metadata/last_action").asText()).isEqualTo("ADDED");
    assertThat(first.at("/records/0/id").isTextual()).isTrue();
  }

  @Test
  void an_answer_too_large_for_the_heap_arrives_whole() {
    save(60, 100_000);

    Answer all = list("model=Thing&limit=10000");

    assertThat(all.at("/records")).hasSize(60);
    assertThat(all.at("/records/59/text").asText()).hasSize(100_000);
  }

  @Test
  void models_are_found_without_regard_to_case_and_ids_pick_records() {
    save(3, 10);

    assertThat(list("model=thing").at("/records")).hasSize(3);
    assertThat(list("model=Thing&ids=1&ids=2").at("/records")).hasSize(2);
    assertThat(list("model=Thing&filter=Deleted").at("/records")).isEmpty();
    assertThat(list("model=Nothing").at("/records")).isEmpty();
  }

  @Test
  void pruning_empties_payloads_up_to_the_cursor() {
    save(2, 10);
    String cursor = list("model=Thing").at("/records/1/_nango_metadata/cursor").asText();

    Answer pruned =
        client.call(
            "pruneRecords",
            Map.of(),
            "",
            "{\"model\":\"Thing\",\"until_cursor\":\"" + cursor + "\"}",
            ANN);

    assertThat(pruned.at("/count").asInt()).isEqualTo(2);
    assertThat(pruned.at("/has_more").asBoolean()).isFalse();
    assertThat(list("model=Thing").at("/records/0/text").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "model=Thing&limit=0",
        "model=Thing&limit=10001",
        "model=Thing&filter=gone",
        "model=Thing&modified_after=2026-01-01",
        "model=Thing&modified_after=2026-01-01T00:00:00%2B01:00",
        "model=Thing&modified_after=2026-13-01T00:00:00Z",
        "model=Thing&delta=2001-01-01T00:00:00Z",
        "model=Thing&colour=1",
      })
  void a_wrong_query_is_refused(String query) {
    Answer refused = list(query);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_query_params");
  }

  @Test
  void a_cursor_of_nobody_is_refused() {
    save(1, 10);

    assertThat(list("model=Thing&cursor=nonsense").status()).isEqualTo(400);
    assertThat(list("model=Thing&cursor=nonsense").code()).isEqualTo("invalid_cursor");
  }

  @Test
  void an_unknown_connection_is_a_400_and_missing_headers_are_named() {
    Answer unknown =
        client.call(
            "listRecords",
            Map.of(),
            "model=Thing",
            "",
            Map.of("Connection-Id", "bob", "Provider-Config-Key", "hd"));
    Answer missing = client.call("listRecords", Map.of(), "model=Thing", "", Map.of());

    assertThat(unknown.code()).isEqualTo("unknown_connection");
    assertThat(missing.code()).isEqualTo("invalid_headers");
    assertThat(missing.at("/error/errors/0/path/0").asText()).isEqualTo("connection-id");
  }

  @Test
  void a_refused_record_is_shown_with_its_reason() {
    commit("Ticket", List.of(Json.object().put("id", "1").put("title", 5)));

    Answer listed =
        client.get("listQuarantine", Map.of("connectionId", "ann"), "provider_config_key=hd");

    assertThat(listed.at("/quarantine/0/id").asText()).isEqualTo("1");
    assertThat(listed.at("/quarantine/0/model").asText()).isEqualTo("Ticket");
    assertThat(listed.at("/quarantine/0/reason").asText()).isNotEmpty();
    assertThat(listed.at("/quarantine/0/raw").asText()).contains("title");
  }

  private Answer list(String query) {
    return client.call("listRecords", Map.of(), query, "", ANN);
  }

  private void save(int count, int size) {
    List<JsonNode> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(Json.object().put("id", Integer.toString(i)).put("text", "x".repeat(size)));
    }
    commit("Thing", records);
  }

  private void commit(String model, List<JsonNode> records) {
    RecordWriter writer =
        new RecordWriter(
            postgres.database(), Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF);
    OffsetDateTime now =
        postgres
            .database()
            .read(h -> h.createQuery("select clock_timestamp()").mapTo(OffsetDateTime.class).one());
    Write write =
        new Write(
            connection,
            "base",
            "things",
            "",
            Writer.PAGE,
            now,
            0,
            List.of(new Batch.Save(model, records)));
    var prepared = writer.prepare(write);
    postgres.database().useTransaction(h -> writer.commit(h, prepared));
  }
}

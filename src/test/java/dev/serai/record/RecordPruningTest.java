package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.record.RecordPruning.Pruned;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordPruningTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final CollectionKey THINGS = new CollectionKey(1, "Thing", "base");

  private Records records;
  private RecordPruning pruning;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
    pruning = new RecordPruning(postgres.database());
  }

  @Test
  void pruning_empties_payloads_up_to_the_cursor_and_changes_nothing_else() throws Exception {
    records.page(save("Thing", "{\"id\":1,\"v\":1}", "{\"id\":2,\"v\":1}", "{\"id\":3,\"v\":1}"));
    List<String> cursors = cursors();

    Pruned first = pruning.prune(THINGS, cursors.get(1), 1);
    Pruned second = pruning.prune(THINGS, cursors.get(1), 100);
    Pruned again = pruning.prune(THINGS, cursors.get(1), 100);

    assertThat(first).isEqualTo(new Pruned(1, true));
    assertThat(second).isEqualTo(new Pruned(1, false));
    assertThat(again).isEqualTo(new Pruned(0, false));
    assertThat(
            records.all(
                "select concat(external_id, data, bytes > 0, pruned_at is null) from record order by version"))
        .containsExactly("1ff", "2ff", "3{\"v\": 1, \"id\": \"3\"}tt");
    assertThat(
            records.one(
                "select bytes = (select sum(bytes) from record) from collection", Boolean.class))
        .isTrue();
    assertThat(records.one("select writes from collection", Long.class))
        .as("an earlier look-up holds no longer")
        .isGreaterThanOrEqualTo(2);
    assertThat(cursors()).isEqualTo(cursors);
    assertThat(records.page(save("Thing", "{\"id\":1,\"v\":1}")).unchanged()).isEqualTo(1);
    assertThat(listing().get(0).properties().stream().map(Map.Entry::getKey))
        .containsExactly("id", "_nango_metadata");
  }

  @Test
  void a_pruned_record_that_changes_has_a_payload_again_and_can_be_pruned_again() throws Exception {
    records.page(save("Thing", "{\"id\":1,\"v\":1}"));
    pruning.prune(THINGS, cursors().getFirst(), 10);

    records.page(save("Thing", "{\"id\":1,\"v\":2}"));

    assertThat(records.all("select concat(data->>'v', pruned_at) from record"))
        .containsExactly("2");
    assertThat(pruning.prune(THINGS, cursors().getFirst(), 10)).isEqualTo(new Pruned(1, false));
    assertThat(records.one("select bytes from collection", Long.class)).isZero();
  }

  @Test
  void emptying_makes_everything_count_as_added_again_and_expires_older_cursors() throws Exception {
    records.page(
        save("Thing", "{\"id\":1}", "{\"id\":2}", "{\"id\":3}"), save("Ticket", "{\"id\":1}"));
    records.page(delete("Thing", "3"));
    records.action(save("Thing", "{\"id\":\"own\"}"));
    String cursor = cursors().getLast();

    while (postgres.database().inTransaction(tx -> pruning.emptyChunk(tx, 1, "base", "things"))) {
      assertThat(
              records.one(
                  "select live = (select count(*) from record where deleted_at is null) from collection where model = 'Thing'",
                  Boolean.class))
          .isTrue();
    }

    assertThat(
            records.row(
                "select live, deleted, bytes = (select sum(bytes) from record) as exact from collection where model = 'Thing'"))
        .isEqualTo(Map.of("live", 1L, "deleted", 0L, "exact", true));
    assertThat(records.page(save("Thing", "{\"id\":1}", "{\"id\":2}")).added()).isEqualTo(2);
    assertThatThrownBy(() -> list(cursor))
        .isInstanceOfSatisfying(
            CursorRefused.class, e -> assertThat(e.code()).isEqualTo("cursor_expired"));
    assertThat(list(cursors().getFirst())).as("a listing begun after that goes on").hasSize(2);
  }

  @Test
  void a_removed_connection_leaves_no_row_behind() {
    List<JsonNode> page = new ArrayList<>();
    for (int i = 0; i < 4_500; i++) {
      page.add(Json.object().put("id", i));
    }
    records.page(new RecordWriter.Batch.Save("Thing", page), save("Ticket", "{\"id\":1}"));
    records.writer.save(
        new RecordWriter.Write(
            2,
            "base",
            "things",
            "",
            RecordWriter.Writer.PAGE,
            records.now(),
            1,
            List.of(save("Thing", "{\"id\":1}"))));

    int chunks = 0;
    while (pruning.removeChunk(1)) {
      chunks++;
    }

    assertThat(chunks).isEqualTo(5);
    assertThat(records.all("select connection || ' ' || model from collection"))
        .containsExactly("2 Thing");
    assertThat(records.one("select count(*) from record", Long.class)).isEqualTo(1);
    assertThat(records.one("select count(*) from quarantine", Long.class)).isZero();
  }

  @Test
  void pruning_takes_a_sealed_payload_too_and_leaves_how_its_hash_was_made() throws Exception {
    records.page(save("Thing", "{\"id\":1,\"v\":1}"));
    String cursor = cursors().getFirst();
    records.execute("update record set data = null, sealed = '\\x01', key = 7, recipe = 3");

    Pruned pruned = pruning.prune(THINGS, cursor, 10);

    assertThat(pruned).isEqualTo(new Pruned(1, false));
    assertThat(records.all("select concat(sealed, key, recipe, bytes) from record"))
        .containsExactly("730");
  }

  @Test
  void the_key_of_a_removed_connection_goes_with_the_first_chunk_and_its_history_with_the_rows() {
    List<JsonNode> page = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      page.add(Json.object().put("id", i));
    }
    records.page(new RecordWriter.Batch.Save("Thing", page));
    records.page(delete("Thing", "1"));
    records.execute("insert into data_key (connection, sealed) values (1, '\\x01'), (2, '\\x01')");
    records.execute(
        "insert into record_history (collection, version, external_id, action, at, told)"
            + " select id, v, 'x', 'u', now(), true from collection, generate_series(1, 4500) v");

    boolean more = pruning.removeChunk(1);

    assertThat(more).isTrue();
    assertThat(records.all("select connection::text from data_key")).containsExactly("2");
    assertThat(
            records.one(
                "select live = (select count(*) from record where deleted_at is null)"
                    + " and deleted = (select count(*) from record where deleted_at is not null) from collection",
                Boolean.class))
        .isTrue();
    while (pruning.removeChunk(1)) {}
    assertThat(records.one("select count(*) from record_history", Long.class)).isZero();
    assertThat(records.one("select count(*) from collection", Long.class)).isZero();
  }

  @Test
  void a_page_for_a_removed_collection_fails_and_a_second_try_makes_it_anew() {
    records.page(save("Thing", "{\"id\":1}"));
    while (pruning.removeChunk(1)) {}

    assertThatThrownBy(() -> records.page(save("Thing", "{\"id\":1}")))
        .isInstanceOf(CollectionGone.class);
    assertThat(records.page(save("Thing", "{\"id\":1}")).added()).isEqualTo(1);
  }

  private JsonNode list(String cursor) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new RecordReader(postgres.database(), Sealing.OFF)
        .list(new RecordQuery(THINGS, null, cursor, Set.of(), List.of(), 10_000), out);
    return Json.parse(out.toByteArray()).get("records");
  }

  private JsonNode listing() throws Exception {
    return list(null);
  }

  private List<String> cursors() throws Exception {
    List<String> cursors = new ArrayList<>();
    listing()
        .forEach(record -> cursors.add(record.get("_nango_metadata").get("cursor").textValue()));
    return cursors;
  }
}

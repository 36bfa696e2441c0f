package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.support.TestDatabase;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordWriterTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private Records records;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
  }

  @Test
  void a_page_adds_updates_deletes_and_leaves_alone() {
    records.page(save("Thing", "{\"id\":1,\"n\":1}", "{\"id\":2,\"n\":2}", "{\"id\":3,\"n\":3}"));

    Counts counts =
        records.page(
            save("Thing", "{\"id\":1,\"n\":1}", "{\"id\":2,\"n\":20}", "{\"id\":4,\"n\":4}"),
            delete("Thing", "3", "nobody"));

    assertThat(counts).isEqualTo(new Counts(1, 1, 1, 1, 0, 0, 0, 0));
    assertThat(
            records.all(
                "select concat(external_id, last_action, data, version) from record order by version"))
        .containsExactly(
            "1a{\"n\": 1, \"id\": \"1\"}1",
            "2u{\"n\": 20, \"id\": \"2\"}4",
            "4a{\"n\": 4, \"id\": \"4\"}5",
            "3d{\"n\": 3, \"id\": \"3\"}6");
    assertThat(
            records.row(
                "select version, live, deleted, bytes = (select sum(bytes) from record) as exact from collection"))
        .isEqualTo(Map.of("version", 6L, "live", 3L, "deleted", 1L, "exact", true));
    assertThat(
            records.one(
                "select count(distinct last_modified_at) from record where version > 3",
                Long.class))
        .isEqualTo(1);
    assertThat(
            records.one(
                "select last_at = (select max(last_modified_at) from record) from collection",
                Boolean.class))
        .isTrue();
  }

  @Test
  void a_deleted_record_that_comes_back_is_added_even_if_it_is_the_same() {
    records.page(save("Thing", "{\"id\":\"a\"}"));
    assertThat(records.page(delete("Thing", "a")).deleted()).isEqualTo(1);
    assertThat(records.page(delete("Thing", "a"))).isEqualTo(Counts.NONE);

    Counts counts = records.page(save("Thing", "{\"id\":\"a\"}"));

    assertThat(counts.added()).isEqualTo(1);
    assertThat(records.all("select concat(last_action, deleted_at, added_version) from record"))
        .containsExactly("a3");
    assertThat(records.row("select live, deleted from collection"))
        .isEqualTo(Map.of("live", 1L, "deleted", 0L));
  }

  @Test
  void of_two_with_the_same_id_the_later_in_the_page_wins() {
    Counts counts =
        records.page(
            save("Thing", "{\"id\":1,\"v\":1}", "{\"id\":1.0,\"v\":2}", "{\"id\":2}"),
            delete("Thing", "2", "3"),
            save("Thing", "{\"id\":\"3\"}"));

    assertThat(counts).isEqualTo(new Counts(2, 0, 0, 0, 0, 3, 0, 0));
    assertThat(records.all("select data from record order by external_id"))
        .containsExactly("{\"v\": 2, \"id\": \"1\"}", "{\"id\": \"3\"}");
  }

  @Test
  void serving_the_same_in_another_spelling_writes_nothing_at_all() {
    List<String> first = new ArrayList<>();
    List<String> again = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      first.add("{\"id\":%d,\"price\":1%d.50,\"tags\":[1.0,2],\"name\":\"é\"}".formatted(i, i));
      again.add(
          "{\"name\":\"\\u00e9\",\"tags\":[1e0,20e-1],\"price\":1%d5e-1,\"id\":\"%d\"}"
              .formatted(i, i));
    }
    records.page(save("Thing", first.toArray(String[]::new)));
    String state =
        "select string_agg(xmin::text || ctid::text, ' ' order by external_id) || (select xmin::text || ctid from collection)"
            + " from record";
    String before = records.one(state, String.class);
    Prepared same =
        records.writer.prepare(
            records.write(Writer.PAGE, records.now(), save("Thing", again.toArray(String[]::new))));

    Counts counts =
        postgres
            .database()
            .inTransaction(tx -> {
              Counts done = records.writer.commit(tx, same);
              // PostgreSQL gives a transaction an id with its first write.
              assertThat(
                      tx.select("select pg_current_xact_id_if_assigned()::text")
                          .mapTo(String.class)
                          .findOne())
                  .isEmpty();
              return done;
            });

    assertThat(counts).isEqualTo(new Counts(0, 0, 0, 500, 0, 0, 0, 0));
    assertThat(records.one(state, String.class)).isEqualTo(before);
  }

  @Test
  void a_record_that_breaks_its_model_is_kept_aside_and_the_others_are_saved() {
    records.page(save("ticket", "{\"id\":1,\"title\":\"old\"}", "{\"id\":2,\"title\":\"two\"}"));

    Counts counts =
        records.page(
            save(
                "Ticket",
                "{\"id\":1,\"title\":5,\"secret\":\"x\"}",
                "{\"id\":2,\"title\":\"second\"}"));

    assertThat(counts).isEqualTo(new Counts(0, 1, 0, 0, 1, 0, 0, 0));
    assertThat(records.all("select model from collection")).containsExactly("Ticket");
    assertThat(records.all("select data->>'title' from record order by external_id"))
        .containsExactly("old", "second");
    assertThat(
            records.row("select external_id, identified, stream, run, reason, raw from quarantine"))
        .isEqualTo(
            Map.of(
                "external_id", "1",
                "identified", true,
                "stream", "things",
                "run", 7L,
                "reason", "title: must be string (type) and 1 more",
                "raw", "{\"id\":1,\"title\":5,\"secret\":\"x\"}"));

    records.page(save("Ticket", "{\"id\":1,\"title\":\"old\"}"));

    assertThat(records.all("select external_id from quarantine")).isEmpty();
  }

  @Test
  void what_jsonb_refuses_is_kept_aside_and_never_fails_the_page() {
    Counts counts =
        records.page(
            save(
                "Thing",
                "{\"id\":1,\"a\":\"x\\u0000y\"}",
                "{\"id\":2,\"\\u0000\":1}",
                "{\"id\":3,\"a\":\"\\ud800\"}",
                "{\"id\":4,\"a\":1e999999999}",
                "{\"id\":5,\"a\":-1e-999999999}",
                "{\"id\":6,\"a\":[1e131071,1e-16383,-9.9e131071,123456789012345678901234567890.10]}",
                "{\"id\":7,\"a\":\"tab\\t nl\\n back\\\\slash \\u0001 \\u007f é 😀\"}"));

    assertThat(counts).isEqualTo(new Counts(2, 0, 0, 0, 5, 0, 0, 0));
    assertThat(
            records.all(
                "select external_id || ': ' || reason from quarantine order by external_id"))
        .containsExactly(
            "1: record holds the character U+0000",
            "2: record holds the character U+0000",
            "3: record holds half of a surrogate pair",
            "4: record holds a number beyond what PostgreSQL can keep",
            "5: record holds a number beyond what PostgreSQL can keep");
    assertThat(
            records.one("select data->'a'->>3 from record where external_id = '6'", String.class))
        .isEqualTo("123456789012345678901234567890.1");
    assertThat(records.one("select data->>'a' from record where external_id = '7'", String.class))
        .isEqualTo("tab\t nl\n back\\slash \u0001 \u007f é 😀");
    assertThat(records.one("select raw from quarantine where external_id = '3'", String.class))
        .isEqualTo("{\"id\":3,\"a\":\"\\uD800\"}");
  }

  @Test
  void a_record_without_a_usable_id_is_kept_aside_and_proves_nothing_deleted() {
    Prepared prepared =
        records.writer.prepare(
            records.write(
                Writer.PAGE,
                records.now(),
                save(
                    "Thing",
                    "{\"id\":1}",
                    "{\"id\":null}",
                    "{\"name\":\"x\"}",
                    "[1]",
                    "{\"id\":\"bad\\u0000\"}",
                    "{\"id\":null}")));
    Counts counts = postgres.database().inTransaction(tx -> records.writer.commit(tx, prepared));
    long collection = records.collection("Thing");

    assertThat(counts).isEqualTo(new Counts(1, 0, 0, 0, 4, 1, 0, 0));
    assertThat(prepared.seen()).isEqualTo(Map.of(collection, Set.of("1")));
    assertThat(prepared.unidentified()).containsExactly(collection);
    assertThat(records.all("select reason from quarantine where not identified and raw = '[1]'"))
        .containsExactly(
            "record 4 of the page has no usable id: it must be a string or an integer of 1 to 255 characters");
  }

  @Test
  void a_full_read_lets_go_of_quarantined_records_it_did_not_meet_again() {
    records.page(save("Ticket", "{\"id\":1}", "{\"id\":2}", "{\"name\":\"nobody\"}"));
    long collection = records.collection("Ticket");
    records.writer.save(
        new RecordWriter.Write(
            1,
            "base",
            "things",
            "",
            Writer.PAGE,
            records.now(),
            8,
            List.of(save("Ticket", "{\"id\":2}"))));
    boolean inSeven =
        postgres.database().read(handle -> records.writer.metUnidentified(handle, collection, 7));
    boolean inEight =
        postgres.database().read(handle -> records.writer.metUnidentified(handle, collection, 8));

    postgres
        .database()
        .useTransaction(tx -> records.writer.forgetQuarantine(tx, collection, "things", 8));

    assertThat(inSeven).isTrue();
    assertThat(inEight).isFalse();
    assertThat(records.all("select external_id from quarantine")).containsExactly("2");
  }

  @Test
  void quarantined_and_deleted_ids_count_as_seen_and_an_empty_page_names_its_collection() {
    Prepared prepared =
        records.writer.prepare(
            records.write(
                Writer.PAGE,
                records.now(),
                save("Ticket", "{\"id\":1}", "{\"id\":2,\"title\":\"ok\"}"),
                delete("Ticket", "3"),
                save("Thing")));

    assertThat(prepared.seen())
        .isEqualTo(
            Map.of(
                records.collection("Ticket"), Set.of("1", "2", "3"),
                records.collection("Thing"), Set.of()));
    assertThat(prepared.unidentified()).isEmpty();
  }

  @Test
  void a_page_leaves_alone_what_an_action_changed_after_the_page_was_asked_for() {
    records.page(save("Thing", "{\"id\":1,\"v\":1}", "{\"id\":2,\"v\":1}", "{\"id\":3,\"v\":1}"));
    OffsetDateTime noted = records.now();
    records.action(save("Thing", "{\"id\":1,\"v\":2}", "{\"id\":2,\"v\":2}"));

    Counts stale =
        records.writer.save(
            records.write(
                Writer.PAGE,
                noted,
                save("Thing", "{\"id\":1,\"v\":1}", "{\"id\":3,\"v\":3}"),
                delete("Thing", "2")));
    Counts fresh = records.page(save("Thing", "{\"id\":1,\"v\":3}"), delete("Thing", "2"));

    assertThat(stale).isEqualTo(new Counts(0, 1, 0, 0, 0, 0, 2, 0));
    assertThat(fresh).isEqualTo(new Counts(0, 1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void a_page_never_skips_what_another_page_changed() {
    OffsetDateTime noted = records.now();
    records.page(save("Thing", "{\"id\":1,\"v\":1}"));

    Counts counts =
        records.writer.save(records.write(Writer.PAGE, noted, save("Thing", "{\"id\":1,\"v\":2}")));

    assertThat(counts.updated()).isEqualTo(1);
  }

  @Test
  void a_row_an_action_wrote_first_belongs_to_the_stream_that_sees_it_unchanged() {
    records.action(save("Thing", "{\"id\":1}"));
    assertThat(records.all("select coalesce(stream, 'nobody') from record"))
        .containsExactly("nobody");

    Counts counts = records.page(save("Thing", "{\"id\":1}"));

    assertThat(counts).isEqualTo(new Counts(0, 0, 0, 1, 0, 0, 0, 0));
    assertThat(records.all("select concat(stream, version, writer) from record"))
        .containsExactly("things1a");
    assertThat(records.one("select version from collection", Long.class)).isEqualTo(1);

    records.action(save("Thing", "{\"id\":1,\"v\":2}"));

    assertThat(records.all("select concat(stream, version, writer) from record"))
        .containsExactly("things2a");
  }

  @Test
  void a_row_that_moves_to_another_stream_is_no_longer_the_first_ones_to_delete() {
    records.page(save("Thing", "{\"id\":1}"));

    records.writer.save(
        new RecordWriter.Write(
            1,
            "base",
            "others",
            "p2",
            Writer.PAGE,
            records.now(),
            8,
            List.of(save("Thing", "{\"id\":1}"))));

    assertThat(records.all("select concat(stream, partition, version) from record"))
        .containsExactly("othersp21");
  }

  @Test
  void missing_rows_are_deleted_once_and_only_if_unchanged_since_the_read_began() {
    records.page(save("Thing", "{\"id\":1}", "{\"id\":2}", "{\"id\":3}"));
    long collection = records.collection("Thing");
    records.page(save("Thing", "{\"id\":2,\"v\":2}"));
    List<String> missing = List.of("1", "2", "3", "3", "unknown");

    long first =
        postgres
            .database()
            .inTransaction(tx -> records.writer.deleteMissing(tx, collection, missing, 3));
    long second =
        postgres
            .database()
            .inTransaction(tx -> records.writer.deleteMissing(tx, collection, missing, 3));

    assertThat(first).isEqualTo(2);
    assertThat(second).isZero();
    assertThat(records.all("select external_id from record where deleted_at is null"))
        .containsExactly("2");
    assertThat(records.row("select live, deleted, version from collection"))
        .isEqualTo(Map.of("live", 1L, "deleted", 2L, "version", 6L));
  }

  @Test
  void a_prepared_page_can_be_committed_again_after_a_rollback() {
    Prepared prepared =
        records.writer.prepare(
            records.write(Writer.PAGE, records.now(), save("Thing", "{\"id\":1}")));
    try {
      postgres
          .database()
          .useTransaction(tx -> {
            records.writer.commit(tx, prepared);
            throw new IllegalStateException("the process dies here");
          });
    } catch (IllegalStateException expected) {
      assertThat(records.all("select external_id from record")).isEmpty();
    }

    Counts counts = postgres.database().inTransaction(tx -> records.writer.commit(tx, prepared));

    assertThat(counts.added()).isEqualTo(1);
    assertThat(records.one("select version from collection", Long.class)).isEqualTo(1);
  }

  @Test
  void order_stays_when_the_clock_is_stepped_back() {
    records.page(save("Thing", "{\"id\":1}"));
    records.execute("update collection set last_at = clock_timestamp() + interval '1 hour'");
    records.execute("update record set last_modified_at = (select last_at from collection)");

    records.page(save("Thing", "{\"id\":2}"));
    records.page(save("Thing", "{\"id\":3}"));

    assertThat(records.all("select external_id from record order by last_modified_at, version"))
        .containsExactly("1", "2", "3");
    assertThat(
            records.all(
                "select (extract(microseconds from last_modified_at - lag(last_modified_at) over (order by version)))::text"
                    + " from record order by version offset 1"))
        .containsExactly("1", "1");
  }

  @Test
  void a_page_of_ten_thousand_is_one_transaction() {
    List<com.fasterxml.jackson.databind.JsonNode> page = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      page.add(Json.object().put("id", i).put("text", "record number " + i + " ".repeat(i % 300)));
    }

    Counts counts = records.page(new Batch.Save("Thing", page));
    for (int i = 0; i < 10_000; i += 3) {
      page.set(i, Json.object().put("id", i).put("text", "changed"));
    }
    Counts changed = records.page(new Batch.Save("Thing", page));

    assertThat(counts.added()).isEqualTo(10_000);
    assertThat(changed).isEqualTo(new Counts(0, 3334, 0, 6666, 0, 0, 0, 0));
    assertThat(
            records.one(
                "select sum(bytes) = (select bytes from collection) from record", Boolean.class))
        .isTrue();
  }

  @Test
  void a_large_record_goes_through_whole() {
    String text = "x".repeat(3_000_000);
    records.page(new Batch.Save("Thing", List.of(Json.object().put("id", 1).put("text", text))));
    records.page(
        new Batch.Save("Thing", List.of(Json.object().put("id", 1).put("text", text + "y"))));

    assertThat(records.one("select length(data->>'text') from record", Integer.class))
        .isEqualTo(3_000_001);
  }
}

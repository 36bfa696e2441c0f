package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.record.RecordRetention.Retained;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jspecify.annotations.Nullable;

class RecordRetentionTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final CollectionKey THINGS = new CollectionKey(1, "Thing", "base");
  private static final Duration DAY = Duration.ofDays(1);

  private Records records;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
  }

  @Test
  void an_old_record_loses_its_payload_and_is_still_unchanged_when_it_is_read_again() {
    records.page(save("Thing", "{\"id\":1,\"v\":1}", "{\"id\":2,\"v\":1}"));
    age("version = 1");

    Retained retained = retain(DAY, null, null);

    assertThat(retained).isEqualTo(new Retained(1, 0, 0));
    assertThat(
            records.all("select concat(external_id, data is null, bytes) from record order by 1"))
        .containsExactly("1t0", "2f16");
    assertExact();
    assertThat(records.page(save("Thing", "{\"v\":1,\"id\":1}")).unchanged()).isEqualTo(1);
    assertThat(retain(DAY, null, null)).isEqualTo(new Retained(0, 0, 0));
  }

  @Test
  void a_deleted_record_goes_when_its_time_is_over_and_a_live_one_never() throws Exception {
    records.page(save("Thing", "{\"id\":1}", "{\"id\":2}", "{\"id\":3}"));
    String early = cursors().getLast();
    records.page(delete("Thing", "2", "3"));
    age("external_id <> '3'");
    String late = cursors().getLast();

    Retained retained = retain(null, DAY, null);

    assertThat(retained).isEqualTo(new Retained(0, 1, 0));
    assertThat(records.all("select external_id from record order by 1")).containsExactly("1", "3");
    assertExact();
    assertThatThrownBy(() -> list(early, 10))
        .as("its reader may not know that 2 has ended")
        .isInstanceOfSatisfying(
            CursorRefused.class, e -> assertThat(e.code()).isEqualTo("cursor_expired"));
    assertThat(list(late, 10).get("records")).isEmpty();
    assertThat(list(null, 10).get("records")).hasSize(2);
    assertThat(records.page(save("Thing", "{\"id\":2}")).added()).isEqualTo(1);
  }

  @Test
  void history_goes_from_its_old_end_and_altogether_when_none_is_to_be_kept() {
    records.page(save("Thing", "{\"id\":1}"), save("Other", "{\"id\":1}"));
    history("Thing", 3, 2);
    history("Other", 3, 2);

    Retained retained = retain(null, null, DAY);

    assertThat(retained).isEqualTo(new Retained(0, 0, 5 + 3));
    assertThat(
            records.all(
                "select concat(model, version, ' ', history_through) from collection natural join"
                    + " (select collection as id, h.version as v from record_history h) x order by v"))
        .containsExactly("Thing1 3", "Thing1 3");
  }

  @Test
  void no_chunk_touches_more_rows_than_it_may_and_a_stopped_one_goes_on_later() {
    int many = 2 * RecordRetention.CHUNK + 500;
    records.page(things(0, many, 1), things(many, many + 10, 1));
    records.page(new Batch.Delete("Thing", ids(0, many)));
    history("Thing", many, 0);
    age("true");
    watchTransactions();
    AtomicInteger asked = new AtomicInteger();

    Retained first = retention(DAY, DAY, DAY).run(() -> asked.incrementAndGet() <= 3);
    Retained rest = retain(DAY, DAY, DAY);

    assertThat(first.payloads() + first.rows() + first.history())
        .isEqualTo(2L * RecordRetention.CHUNK);
    assertThat(first.rows() + rest.rows()).isEqualTo(many);
    assertThat(first.history() + rest.history()).isEqualTo(many);
    assertThat(records.all("select count(*)::text from touched group by tx order by count(*)"))
        .isNotEmpty()
        .allMatch(rows -> Integer.parseInt(rows) <= RecordRetention.CHUNK);
    assertThat(records.one("select count(*) from record", Long.class)).isEqualTo(10);
    assertExact();
    records.execute("drop function touch() cascade; drop table touched");
  }

  @Test
  void two_nodes_at_once_let_each_thing_go_once() throws Exception {
    records.page(things(0, 9_000, 1));
    records.page(new Batch.Delete("Thing", ids(0, 4_500)));
    age("true");

    List<Retained> both = together(() -> retain(DAY, DAY, null), () -> retain(DAY, DAY, null));

    assertThat(both.get(0).rows() + both.get(1).rows()).isEqualTo(4_500);
    assertThat(records.one("select count(*) from record where data is null", Long.class))
        .isEqualTo(4_500);
    assertExact();
  }

  @Test
  void what_is_due_is_found_by_index_in_a_large_collection_with_and_without_statistics() {
    records.page(things(0, 1, 1));
    records.execute(
        """
        insert into record (collection, external_id, version, added_version, hash, data, bytes, first_seen_at, last_modified_at,
          last_action, deleted_at)
        select c.id, 'x' || i, i, i, '', '{}', 2, t, t, case when i % 10 = 0 then 'd' else 'a' end, case when i % 10 = 0 then t end
        from collection c, generate_series(2, 40000) i, lateral (select now() - interval '1 h' + i * interval '1 ms') x(t)
        """);
    history("Thing", 0, 40_000);
    for (boolean analysed : new boolean[] {false, true}) {
      if (analysed) {
        records.execute("analyze record, record_history, collection");
      }
      List<String> plan = explainDue();

      assertThat(plan)
          .as("analysed " + analysed + "\n" + String.join("\n", plan))
          .noneMatch(line -> line.contains("Seq Scan on record"))
          .noneMatch(line -> line.contains("Rows Removed by Filter") && !line.endsWith(": 1"))
          .anyMatch(line -> line.contains("ROW(last_modified_at, version) > "))
          .anyMatch(line -> line.contains("deleted_at < u.deleted"));
    }
  }

  private static List<String> explainDue() {
    return postgres
        .database()
        .inTransaction(tx -> {
          tx.execute(ChangeIndex.WALKED);
          return tx.createQuery("explain (analyze, buffers off) " + RetentionStore.DUE)
              .bind("ids", SqlArguments.longs(List.of(1L)))
              .bind("payloads", SqlArguments.texts(List.of("2020-01-01")))
              .bind("deleted", SqlArguments.texts(List.of("2020-01-01")))
              .bind("history", SqlArguments.texts(List.of("2020-01-01")))
              .mapTo(String.class)
              .list();
        });
  }

  /**
   * The writer deletes and brings back, the reader follows in small pages, retention never stops.
   */
  @Test
  void under_a_writer_a_reader_misses_nothing_or_is_told_that_his_cursor_expired()
      throws Exception {
    records.page(things(0, 1_000, 1));
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger expired = new AtomicInteger();
    AtomicInteger ends = new AtomicInteger();
    List<Long> waits = new ArrayList<>();

    Callable<Retained> writer =
        () -> {
          for (int round = 0; round < 80; round++) {
            int from = 10 * round;
            waits.add(
                timed(
                    new Batch.Delete("Thing", ids(from, from + 8)),
                    things(from + 8, from + 10, 2 + round)));
            waits.add(timed(things(Math.max(0, from - 25), from - 20, 2 + round)));
          }
          done.set(true);
          return new Retained(0, 0, 0);
        };
    Callable<Retained> retention =
        () -> {
          Retained last = new Retained(0, 0, 0);
          while (!done.get()) {
            last = retain(Duration.ofMillis(30), Duration.ofMillis(30), null);
          }
          return last;
        };
    Set<String> alive = new TreeSet<>();
    Callable<Retained> reader =
        () -> {
          String cursor = null;
          boolean last = false;
          while (true) {
            boolean finished = done.get();
            try {
              JsonNode page = list(cursor, 25);
              for (JsonNode record : page.get("records")) {
                JsonNode metadata = record.get("_nango_metadata");
                if (metadata.get("last_action").textValue().equals("DELETED")) {
                  alive.remove(record.get("id").textValue());
                  ends.incrementAndGet();
                } else {
                  alive.add(record.get("id").textValue());
                }
                cursor = metadata.get("cursor").textValue();
              }
              last = page.get("records").isEmpty();
            } catch (CursorRefused e) {
              assertThat(e.code()).isEqualTo("cursor_expired");
              expired.incrementAndGet();
              alive.clear();
              cursor = null;
              last = false;
            }
            if (finished && last) {
              return new Retained(0, 0, 0);
            }
          }
        };

    together(writer, retention, reader);
    retain(Duration.ofNanos(1_000), Duration.ofNanos(1_000), null);

    System.out.printf(
        "retention beside a writer and a reader: %d pages, longest %d ms; %d ends read, cursor expired %d times%n",
        waits.size(),
        waits.stream().mapToLong(Long::longValue).max().orElse(0),
        ends.get(),
        expired.get());
    assertThat(alive)
        .containsExactlyInAnyOrderElementsOf(
            records.all("select external_id from record where deleted_at is null"));
    assertThat(records.one("select count(*) from record where deleted_at is not null", Long.class))
        .isZero();
    assertThat(waits).allMatch(wait -> wait < 5_000);
    assertExact();
  }

  /** Milliseconds until the page was committed. */
  private long timed(Batch... batches) {
    long began = System.nanoTime();
    records.page(batches);
    return (System.nanoTime() - began) / 1_000_000;
  }

  private Retained retain(
      @Nullable Duration payloads, @Nullable Duration deleted, @Nullable Duration history) {
    return retention(payloads, deleted, history).run(() -> true);
  }

  private RecordRetention retention(
      @Nullable Duration payloads, @Nullable Duration deleted, @Nullable Duration history) {
    ModelPolicy policy =
        new ModelPolicy(new TreeSet<>(), new TreeSet<>(), history, payloads, deleted);
    return new RecordRetention(
        postgres.database(),
        (provider, model) -> model.equals("Thing") ? policy : ModelPolicy.NONE);
  }

  private void age(String which) {
    records.execute(
        """
        update record set first_seen_at = first_seen_at - interval '2 days',
          last_modified_at = last_modified_at - interval '2 days', deleted_at = deleted_at - interval '2 days'
        where %s
        """
            .formatted(which));
  }

  private void history(String model, int old, int young) {
    records.execute(
        """
        insert into record_history (collection, version, external_id, action, at, told, after)
        select c.id, v, v::text, 'u', clock_timestamp() - case when v <= %2$d then interval '2 days' else interval '0' end,
          true, '{}'
        from collection c, generate_series(1, %2$d + %3$d) v where c.model = '%1$s'
        """
            .formatted(model, old, young));
  }

  /** Notes, in each transaction, every row of records and history that it changes. */
  private void watchTransactions() {
    records.execute(
        """
        create table touched (tx xid8);
        create function touch() returns trigger language plpgsql as
          'begin insert into touched values (pg_current_xact_id()); return null; end';
        create trigger touch after update or delete on record for each row execute function touch();
        create trigger touch after update or delete on record_history for each row execute function touch();
        """);
  }

  private void assertExact() {
    assertThat(
            records.row(
                """
                select live = (select count(*) from record where collection = c.id and deleted_at is null) as live,
                  deleted = (select count(*) from record where collection = c.id and deleted_at is not null) as deleted,
                  bytes = (select coalesce(sum(bytes), 0) from record where collection = c.id) as bytes
                from collection c where model = 'Thing'
                """))
        .isEqualTo(Map.of("live", true, "deleted", true, "bytes", true));
  }

  private static Batch things(int from, int to, int value) {
    List<JsonNode> all = new ArrayList<>();
    IntStream.range(from, to).forEach(i -> all.add(Json.object().put("id", i).put("v", value)));
    return new Batch.Save("Thing", all);
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  private JsonNode list(@Nullable String cursor, int limit) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new RecordReader(postgres.database(), Sealing.OFF)
        .list(new RecordQuery(THINGS, null, cursor, Set.of(), List.of(), limit), out);
    return Json.parse(out.toByteArray());
  }

  private List<String> cursors() throws Exception {
    List<String> cursors = new ArrayList<>();
    list(null, 100)
        .get("records")
        .forEach(record -> cursors.add(record.get("_nango_metadata").get("cursor").textValue()));
    return cursors;
  }

  @SafeVarargs
  private static List<Retained> together(Callable<Retained>... work) throws Exception {
    List<Retained> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Retained> one : List.of(work).stream().map(threads::submit).toList()) {
        results.add(one.get(60, java.util.concurrent.TimeUnit.SECONDS));
      }
    }
    return results;
  }
}

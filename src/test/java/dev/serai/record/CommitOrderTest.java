package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class CommitOrderTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private Records records;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
  }

  @Test
  @Timeout(60)
  void a_reader_of_the_cursor_misses_nothing_and_sees_nothing_twice_while_eight_write()
      throws Exception {
    int writers = 8;
    int pages = 25;
    int rows = 7;
    AtomicInteger running = new AtomicInteger(writers);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        done.add(
            pool.submit(() -> {
              Random random = new Random(writer);
              for (int p = 0; p < pages; p++) {
                commitLate(random, page(writer, p, rows));
              }
              running.decrementAndGet();
            }));
      }

      List<String> seen = follow(running);

      for (Future<?> future : done) {
        future.get(30, TimeUnit.SECONDS);
      }
      assertThat(seen).hasSize(writers * pages * rows);
      assertThat(new HashSet<>(seen)).hasSize(seen.size());
    }
  }

  private void commitLate(Random random, Batch batch) {
    Prepared prepared = records.writer.prepare(records.write(Writer.PAGE, records.now(), batch));
    postgres
        .database()
        .useTransaction(tx -> {
          records.writer.commit(tx, prepared);
          // The server delays the commit: rows are written and stamped, but nobody may see them
          // yet.
          tx.execute("select pg_sleep(?)", random.nextInt(8) / 1000.0);
        });
  }

  private static Batch page(int writer, int page, int rows) {
    List<JsonNode> records = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      records.add(Json.object().put("id", "%d-%d-%d".formatted(writer, page, i)));
    }
    return new Batch.Save("Thing", records);
  }

  private List<String> follow(AtomicInteger running) throws Exception {
    RecordReader reader = new RecordReader(postgres.database());
    CollectionKey things = new CollectionKey(1, "Thing", "base");
    List<String> seen = new ArrayList<>();
    String cursor = null;
    while (true) {
      boolean last = running.get() == 0;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      reader.list(new RecordQuery(things, null, cursor, Set.of(), List.of(), 50), out);
      JsonNode page = Json.parse(out.toByteArray()).get("records");
      for (JsonNode record : page) {
        seen.add(record.get("id").textValue());
        cursor = record.get("_nango_metadata").get("cursor").textValue();
      }
      if (last && page.isEmpty()) {
        return seen;
      }
    }
  }

  @Test
  @Timeout(60)
  void a_second_writer_diffs_against_what_the_first_committed_while_it_waited() throws Exception {
    records.page(save("Thing", "{\"id\":1,\"v\":1}", "{\"id\":2,\"v\":1}"));
    Prepared first =
        records.writer.prepare(
            records.write(
                Writer.PAGE,
                records.now(),
                save("Thing", "{\"id\":1,\"v\":2}"),
                delete("Thing", "2")));
    Prepared second =
        records.writer.prepare(
            records.write(
                Writer.PAGE,
                records.now(),
                save("Thing", "{\"id\":1,\"v\":2}"),
                delete("Thing", "2")));
    CountDownLatch written = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Counts> one =
          pool.submit(() ->
              postgres
                  .database()
                  .inTransaction(tx -> {
                    Counts counts = records.writer.commit(tx, first);
                    written.countDown();
                    awaitAnotherWaitingForALock();
                    return counts;
                  }));
      written.await(10, TimeUnit.SECONDS);

      Counts two = postgres.database().inTransaction(tx -> records.writer.commit(tx, second));

      assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(new Counts(0, 1, 1, 0, 0, 0, 0));
      assertThat(two).isEqualTo(new Counts(0, 0, 0, 1, 0, 0, 0));
    }
    assertThat(records.one("select version from collection", Long.class)).isEqualTo(4);
  }

  private void awaitAnotherWaitingForALock() {
    org.awaitility.Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(() ->
            records.one("select exists (select from pg_locks where not granted)", Boolean.class));
  }

  @Test
  @Timeout(60)
  void pages_of_two_models_in_both_orders_never_deadlock() throws Exception {
    records.page(save("Alpha", "{\"id\":0}"), save("Beta", "{\"id\":0}"));
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int w = 0; w < 6; w++) {
        int writer = w;
        done.add(
            pool.submit(() -> {
              for (int p = 0; p < 15; p++) {
                String record = "{\"id\":%d,\"v\":\"%d-%d\"}".formatted(p % 3, writer, p);
                Batch alpha = save("Alpha", record, "{\"id\":null,\"v\":%d}".formatted(p % 2));
                Batch beta = save("Beta", record, "{\"id\":\"bad\",\"v\":\"\\u0000\"}");
                if (writer % 2 == 0) {
                  records.page(alpha, beta);
                } else {
                  records.action(beta, alpha);
                }
              }
            }));
      }
      for (Future<?> future : done) {
        future.get(50, TimeUnit.SECONDS);
      }
    }

    assertThat(records.all("select distinct count(*)::text from record group by collection"))
        .containsExactly("3");
    assertThat(
            records.all(
                "select 1 from (select collection, version from record group by 1, 2 having count(*) > 1) x"))
        .isEmpty();
  }
}

package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
  void a_reader_of_the_cursor_misses_nothing_and_sees_nothing_twice_while_many_write()
      throws Exception {
    try (Database own = database(66)) {
      new CursorStorm(own, 60).rage("commit order", 64, 10_000, random -> {});
    }
  }

  @Test
  @Tag("full")
  @Timeout(900)
  void nor_does_it_over_a_million_rows_of_sixty_four_writers() throws Exception {
    try (Database own = database(66)) {
      new CursorStorm(own, 1_000).rage("commit order", 64, 1_000_000, random -> {});
    }
  }

  @Test
  @Timeout(120)
  void nor_does_it_while_the_clock_of_postgresql_is_stepped_back_and_forth_by_hours()
      throws Exception {
    SteppedClock clock = SteppedClock.in(postgres.database(), postgres.address());
    try (Database own = database(20)) {
      OffsetDateTime real = own.now();
      clock.set(Duration.ofHours(-1));
      assertThat(own.now()).as("the clock is stepped").isBefore(real.minusMinutes(59));

      new CursorStorm(own, 60)
          .rage(
              "clock stepped",
              16,
              6_000,
              random -> {
                if (random.nextInt(4) == 0) {
                  clock.set(Duration.ofHours(random.nextInt(5) - 2));
                }
              });

      assertThat(clock.hoursBack()).isGreaterThan(10);
      assertThat(records.one("select max(last_modified_at) from record", OffsetDateTime.class))
          .as("stamps are taken from the stepped clock")
          .isAfter(real.plusMinutes(59));
      System.out.printf("clock stepped: back by an hour or more %d times%n", clock.hoursBack());
    }
  }

  private static Database database(int connections) {
    return new Database(
        postgres.address(),
        // On a busy machine the last of 64 writers waits for long.
        new Database.Limits(connections, Duration.ofMinutes(4), Duration.ofMinutes(4)));
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

      assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(new Counts(0, 1, 1, 0, 0, 0, 0, 0));
      assertThat(two).isEqualTo(new Counts(0, 0, 0, 1, 0, 0, 0, 0));
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

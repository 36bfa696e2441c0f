package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.record.WriteLedger.Claim;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Pages, webhooks and actions on the same few rows of two collections, named in both orders. A
 * trigger writes down what each transaction did; every row's history must then be one that its
 * writers could have made one after the other.
 */
class TwoWritersTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final List<String> MODELS = List.of("Alpha", "Beta");

  @Test
  @Timeout(60)
  void pages_webhooks_and_actions_on_the_same_rows_diff_against_what_is_there() throws Exception {
    contend(12, 40);
  }

  @Test
  @Tag("full")
  @Timeout(600)
  void nor_do_they_over_many_thousand_writes() throws Exception {
    contend(32, 500);
  }

  private static void contend(int threads, int writes) throws Exception {
    try (Database database =
        new Database(
            postgres.address(),
            new Database.Limits(threads, Duration.ofMinutes(2), Duration.ofMinutes(2)))) {
      WriteLedger ledger = WriteLedger.open(database);
      List<Claim> claims = new ArrayList<>();
      try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<List<Claim>>> done = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          Random random = new Random(t);
          done.add(pool.submit(() -> writeOften(database, random, writes)));
        }
        for (Future<List<Claim>> future : done) {
          claims.addAll(future.get(500, TimeUnit.SECONDS));
        }
      }

      String what = ledger.explain(claims);

      System.out.printf(
          "two writers: %d threads, %,d writes of two collections in both orders, %s; 0 stale, 0 deadlocks%n",
          threads, (long) threads * writes, what);
    }
  }

  private static List<Claim> writeOften(Database database, Random random, int writes) {
    Records records = new Records(database);
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < writes; i++) {
      write(records, random, claims);
    }
    return claims;
  }

  private static void write(Records records, Random random, List<Claim> claims) {
    Writer writer = Writer.values()[random.nextInt(3)];
    OffsetDateTime noted = records.now().minusNanos(random.nextInt(20_000_000));
    List<String> models = random.nextBoolean() ? MODELS : MODELS.reversed();
    List<Batch> batches = new ArrayList<>();
    Map<String, Map<String, Integer>> said = new HashMap<>();
    for (String model : models.subList(0, 1 + random.nextInt(2))) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        String id = "" + (1 + random.nextInt(5));
        int content = random.nextInt(4);
        said.computeIfAbsent(model, m -> new HashMap<>()).put(id, content);
        batches.add(batch(model, id, content));
      }
    }
    Prepared prepared =
        records.writer.prepare(
            new Write(
                1, "base", writer == Writer.PAGE ? "things" : null, "", writer, noted, 1, batches));

    OffsetDateTime began = records.now();
    String[] transaction = new String[1];
    Counts counts =
        records.database.inTransaction(tx -> {
          Counts result = records.writer.commit(tx, prepared);
          tx.execute("select pg_sleep(?)", random.nextInt(4) / 1000.0);
          transaction[0] =
              tx.createQuery("select coalesce(pg_current_xact_id_if_assigned()::text, '-')")
                  .mapTo(String.class)
                  .one();
          return result;
        });
    OffsetDateTime ended = records.now();

    List<Claim> these = new ArrayList<>();
    said.forEach((model, ids) ->
        ids.forEach((id, content) ->
            these.add(new Claim(transaction[0], writer, noted, began, ended, model, id, content))));
    assertThat(counts.added() + counts.updated() + counts.deleted() + counts.unchanged())
        .isLessThanOrEqualTo(these.size());
    claims.addAll(these);
  }

  /** Content 0 is a deletion. */
  private static Batch batch(String model, String id, int content) {
    JsonNode record = Json.object().put("id", id).put("v", content);
    return content == 0
        ? new Batch.Delete(model, List.of(id))
        : new Batch.Save(model, List.of(record));
  }
}

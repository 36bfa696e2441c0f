package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.stream.StreamPage;
import dev.serai.stream.StreamReader;
import dev.serai.stream.Streams;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same records, spelled differently: other key order, {@code 1}, {@code 1.0} and {@code 1e0},
 * letters and their escapes. A whole read of them must write no row and tell nobody.
 */
class UnchangedReadTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final int PAGE = 1_000;

  /** Two spellings of one record. */
  private static final List<String> SPELLINGS =
      List.of(
          """
          {"id":%1$d,"title":"Größe \\u0041 %1$d","size":%2$d,"price":%2$d.50,"custom":{"a":1,"b":[1.0,2e1,null]},
           "empty":{},"text":"%3$s","big":9007199254740993,"tab":"\\t/"}
          """,
          """
          {"tab":"\\u0009\\/","big":9007199254740993.0,"text":"%3$s","custom":{"b":[1e0,20,null],"a":10e-1},
           "price":%2$d.5e0,"empty":{ },"size":%2$d.000,"title":"Gr\\u00f6\\u00DFe A %1$d","id":"%1$d"}
          """);

  @Test
  @Timeout(120)
  void ten_thousand_records_spelled_differently_write_nothing() {
    readTwice(10_000);
  }

  @Test
  @Tag("full")
  @Timeout(300)
  void nor_do_a_hundred_thousand() {
    readTwice(100_000);
  }

  private static void readTwice(int records) {
    Spelled provider = new Spelled(records);
    try (SyncWorld world = new SyncWorld(postgres, provider).sync("things", "Thing")) {
      try (Database database = new Database(postgres.address(), Database.Limits.DEFAULT)) {
        world.start(database).run("things");
        world.close();
      }
      assertThat(world.lastRun("things", "outcome, added")).isEqualTo("(success," + records + ")");
      awaitRunsBooked(world, records / PAGE);
      assertThat(rowsWritten(world)).isGreaterThanOrEqualTo(records);
      long told = world.told().size();
      String places = places(world);
      long written = rowsWritten(world);
      long booked = runsBooked(world);
      provider.spelling = 1;
      long from = System.nanoTime();

      try (Database database = new Database(postgres.address(), Database.Limits.DEFAULT)) {
        world.start(database).run("things");
        world.close();
      }

      long millis = Duration.ofNanos(System.nanoTime() - from).toMillis();
      awaitRunsBooked(world, booked + records / PAGE);
      assertThat(world.lastRun("things", "outcome, mode, unchanged, added + updated + deleted"))
          .isEqualTo("(success,full," + records + ",0)");
      assertThat(rowsWritten(world)).as("rows written").isEqualTo(written);
      assertThat(places(world)).as("where rows lie, and who wrote them there").isEqualTo(places);
      assertThat(world.told()).as("messages").hasSize((int) told);
      System.out.printf(
          "unchanged: %,d records read again in another spelling by a full run, %,d ms; 0 rows of record or collection written, 0 events%n",
          records, millis);
    }
  }

  private static String places(SyncWorld world) {
    return world.text(
            "select md5(string_agg(concat(tableoid, ctid, xmin), ',' order by external_id)) from record")
        + world.text(
            "select string_agg(concat(ctid, xmin, version, last_at), ',') from collection");
  }

  private static long rowsWritten(SyncWorld world) {
    return world.number(
        "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables where relname ~ '^record_\\d+$' or relname = 'collection'");
  }

  // A session hands in all its counts at once: when those of the run are in, those of rows are too.
  private static void awaitRunsBooked(SyncWorld world, long pages) {
    await().atMost(Duration.ofSeconds(20)).until(() -> runsBooked(world) >= pages);
  }

  private static long runsBooked(SyncWorld world) {
    return world.number("select n_tup_upd from pg_stat_user_tables where relname = 'sync_run'");
  }

  /** A list in one of two spellings. */
  private static final class Spelled implements Streams {
    private final int records;
    private volatile int spelling;

    Spelled(int records) {
      this.records = records;
    }

    @Override
    public StreamReader open(
        Connection connection, String stream, boolean full, JsonNode from, JsonNode position) {
      int[] next = {0};
      return () -> {
        ArrayNode page = Json.array();
        for (int end = next[0] + PAGE; next[0] < end; next[0]++) {
          page.add(
              Json.parse(
                  SPELLINGS
                      .get(spelling)
                      .formatted(next[0], next[0] % 7, "word ".repeat(next[0] % 100))));
        }
        JsonNode after = next[0] < records ? Json.object().put("next", next[0]) : null;
        return new StreamPage(page, after, null, List.of(), 100);
      };
    }

    @Override
    public Facts facts(String provider, String stream) {
      return new Facts(Deletes.FULL_DIFF, false, false, 0, 0, 0.5);
    }

    @Override
    public boolean gone(Connection connection, String stream, String externalId) {
      return false;
    }
  }
}

package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random histories against a model of the truth that fits on a page. */
class HistoryTest {
  private static final int HISTORIES = Integer.getInteger("serai.histories", 250);

  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private Records records;
  private RecordReader reader;
  private RecordPruning pruning;
  private final Announcements announcements = new Announcements();

  /** What should be there: per id the content (null: deleted) and who wrote it when. */
  private static final class Truth {
    private record Row(Integer content, boolean live, Writer writer, int step) {}

    private final Map<String, Row> rows = new TreeMap<>();
    private final Map<String, String> news = new TreeMap<>();
    private long added, updated, deleted, unchanged, skipped;

    void save(String id, int content, Writer writer, int noted, int step) {
      Row old = rows.get(id);
      if (old != null && old.live && old.content == content) {
        unchanged++;
      } else if (guarded(old, writer, noted)) {
        skipped++;
      } else {
        boolean fresh = old == null || !old.live;
        added += fresh ? 1 : 0;
        updated += fresh ? 0 : 1;
        rows.put(id, new Row(content, true, writer, step));
        news.merge(
            id,
            fresh ? "a" : "u",
            (before, now) -> before.equals("a") && now.equals("u") ? "a" : now);
      }
    }

    void delete(String id, Writer writer, int noted, int step) {
      Row old = rows.get(id);
      if (old == null || !old.live) {
        return;
      }
      if (guarded(old, writer, noted)) {
        skipped++;
        return;
      }
      deleted++;
      rows.put(id, new Row(old.content, false, writer, step));
      news.put(id, "d");
    }

    private static boolean guarded(Row old, Writer writer, int noted) {
      return old != null && writer == Writer.PAGE && old.writer != Writer.PAGE && old.step > noted;
    }
  }

  @Test
  void every_history_ends_as_the_model_says() throws Exception {
    records = new Records(postgres.database());
    reader = new RecordReader(postgres.database());
    pruning = new RecordPruning(postgres.database());
    for (int seed = 1; seed <= HISTORIES; seed++) {
      run(seed);
    }
  }

  private void run(int seed) throws Exception {
    Random random = new Random(seed);
    Truth truth = new Truth();
    CollectionKey key = new CollectionKey(seed, "Thing", "base");
    List<OffsetDateTime> clock = new ArrayList<>(List.of(records.now()));
    Map<String, String> copy = new TreeMap<>();
    String cursor = null;
    for (int step = 1; step <= 8; step++) {
      switch (random.nextInt(10)) {
        case 0 -> announce(seed, truth);
        case 1 -> cursor = follow(key, cursor, copy, 1 + random.nextInt(4));
        case 2 -> prune(key, cursor);
        default -> page(seed, random, truth, clock, step);
      }
      clock.add(records.now());
    }
    announce(seed, truth);
    follow(key, cursor, copy, 5);
    verify(seed, truth, copy);
  }

  private void page(int seed, Random random, Truth truth, List<OffsetDateTime> clock, int step) {
    Writer writer = random.nextInt(4) == 0 ? Writer.ACTION : Writer.PAGE;
    int noted = Math.max(0, clock.size() - 1 - random.nextInt(3));
    Map<String, Runnable> last = new TreeMap<>();
    List<Batch> batches = new ArrayList<>();
    int mentions = 0;
    for (int b = random.nextInt(3); b >= 0; b--) {
      List<JsonNode> saves = new ArrayList<>();
      List<String> deletes = new ArrayList<>();
      boolean save = random.nextInt(3) > 0;
      for (int i = random.nextInt(5); i >= 0; i--, mentions++) {
        String id = "r" + random.nextInt(6);
        int content = 1 + random.nextInt(3);
        if (save) {
          saves.add(spelled(random, id, content));
          last.put(id, () -> truth.save(id, content, writer, noted, step));
        } else {
          deletes.add(id);
          last.put(id, () -> truth.delete(id, writer, noted, step));
        }
      }
      batches.add(save ? new Batch.Save("Thing", saves) : new Batch.Delete("Thing", deletes));
    }
    truth.added = truth.updated = truth.deleted = truth.unchanged = truth.skipped = 0;
    last.values().forEach(Runnable::run);
    String stream = writer == Writer.PAGE ? "things" : null;

    Write write = new Write(seed, "base", stream, "", writer, clock.get(noted), 1, batches);
    Counts counts = random.nextInt(5) == 0 ? diesAndTriesAgain(write) : records.writer.save(write);

    assertThat(counts)
        .as("seed %d step %d", seed, step)
        .isEqualTo(
            new Counts(
                truth.added,
                truth.updated,
                truth.deleted,
                truth.unchanged,
                0,
                mentions - last.size(),
                truth.skipped));
  }

  private Counts diesAndTriesAgain(Write write) {
    RecordWriter.Prepared prepared = records.writer.prepare(write);
    postgres
        .database()
        .useTransaction(tx -> {
          records.writer.commit(tx, prepared);
          tx.rollback();
        });
    return postgres.database().inTransaction(tx -> records.writer.commit(tx, prepared));
  }

  private static JsonNode spelled(Random random, String id, int content) {
    String number =
        List.of("%d", "%d.0", "%de0", "%d0e-1").get(random.nextInt(4)).formatted(content);
    return Json.parse(
        random.nextBoolean()
            ? "{\"id\":\"%s\",\"n\":%s}".formatted(id, number)
            : "{\"n\":%s,\"id\":\"%s\"}".formatted(number, id));
  }

  private void announce(int seed, Truth truth) {
    Set<Long> ids =
        Set.copyOf(
            postgres
                .database()
                .read(handle ->
                    handle
                        .createQuery("select id from collection where connection = " + seed)
                        .mapTo(Long.class)
                        .list()));
    var taken = postgres.database().inTransaction(tx -> announcements.take(tx, ids));
    Map<String, Long> expected = new TreeMap<>();
    truth.news.values().forEach(action -> expected.merge(action, 1L, Long::sum));
    assertThat(taken).as("seed %d", seed).hasSize(truth.news.isEmpty() ? 0 : 1);
    if (!taken.isEmpty()) {
      assertThat(taken.getFirst().added())
          .as("seed %d", seed)
          .isEqualTo(expected.getOrDefault("a", 0L));
      assertThat(taken.getFirst().updated())
          .as("seed %d", seed)
          .isEqualTo(expected.getOrDefault("u", 0L));
      assertThat(taken.getFirst().deleted())
          .as("seed %d", seed)
          .isEqualTo(expected.getOrDefault("d", 0L));
    }
    truth.news.clear();
  }

  /** Follows the feed to its end, keeping a copy as a customer's backend would. */
  private String follow(CollectionKey key, String from, Map<String, String> copy, int limit)
      throws Exception {
    String cursor = from;
    String next = from;
    do {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      next =
          reader
              .list(new RecordQuery(key, null, next, Set.of(), List.of(), limit), out)
              .nextCursor();
      for (JsonNode record : Json.parse(out.toByteArray()).get("records")) {
        JsonNode metadata = record.get("_nango_metadata");
        cursor = metadata.get("cursor").textValue();
        copy.put(
            record.get("id").textValue(),
            metadata.get("last_action").textValue().equals("DELETED") ? "deleted" : "live");
      }
    } while (next != null);
    return cursor;
  }

  private void prune(CollectionKey key, String cursor) {
    if (cursor != null) {
      pruning.prune(key, cursor, 3);
    }
  }

  private void verify(int seed, Truth truth, Map<String, String> copy) {
    Map<String, String> expected = new TreeMap<>();
    truth.rows.forEach((id, row) -> expected.put(id, row.live ? "live" : "deleted"));
    assertThat(copy).as("seed %d: the backend's copy", seed).isEqualTo(expected);
    String rows =
        "from record r join collection c on c.id = r.collection where c.connection = " + seed;
    List<String> stored =
        records.all(
            "select concat(external_id, ' ', deleted_at is null, ' ', coalesce(data->>'n', 'pruned')) "
                + rows
                + " order by 1");
    List<String> wanted = new ArrayList<>();
    truth.rows.forEach((id, row) -> wanted.add(id + (row.live ? " t " : " f ") + row.content));
    assertThat(stored).as("seed %d", seed).hasSameSizeAs(wanted);
    for (int i = 0; i < stored.size(); i++) {
      assertThat(stored.get(i))
          .as("seed %d", seed)
          .isIn(wanted.get(i), wanted.get(i).replaceAll("\\d+$", "pruned"));
    }
    String totals =
        "select concat(c.live - count(*) filter (where r.version > 0 and deleted_at is null), ' ',"
            + " c.deleted - count(deleted_at), ' ', c.bytes - coalesce(sum(r.bytes), 0))"
            + " from collection c left join record r on r.collection = c.id where c.connection = "
            + seed
            + " group by c.id";
    assertThat(records.all(totals)).as("seed %d", seed).allMatch("0 0 0"::equals);
    assertThat(
            records.all(
                "select r.version::text " + rows + " group by r.version having count(*) > 1"))
        .isEmpty();
    assertThat(records.all("select r.external_id " + rows + " and r.version > c.version"))
        .isEmpty();
  }
}

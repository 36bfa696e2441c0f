package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Writer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many writers of one collection whose commits come late, and one reader that follows its cursor
 * meanwhile. Every row is written once, so the reader must see the versions 1, 2, 3, … and so on to
 * the last: a gap is a row it missed, a step back one it saw twice.
 */
final class CursorStorm {
  private final Database database;
  private final Records records;
  private final int largestPage;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong pages = new AtomicLong();

  CursorStorm(Database database, int largestPage) {
    this.database = database;
    this.records = new Records(database);
    this.largestPage = largestPage;
  }

  /**
   * @param beforePage run by each writer before each of its pages
   */
  void rage(String what, int writers, long rows, java.util.function.Consumer<Random> beforePage)
      throws Exception {
    long from = System.nanoTime();
    long listings;
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        Random random = new Random(w);
        done.add(
            pool.submit(() -> {
              while (writePage(random, rows)) {
                beforePage.accept(random);
              }
            }));
      }
      listings = follow(rows, done);
      for (Future<?> future : done) {
        future.get(30, TimeUnit.SECONDS);
      }
    }
    System.out.printf(
        "%s: %d writers with late commits, %,d rows in %,d pages, 1 reader by cursor in %,d listings, %d s; 0 gaps, 0 repeats%n",
        what,
        writers,
        rows,
        pages.get(),
        listings,
        Duration.ofNanos(System.nanoTime() - from).toSeconds());
  }

  private boolean writePage(Random random, long rows) {
    int size = 1 + random.nextInt(largestPage);
    long first = taken.getAndAdd(size);
    if (first >= rows) {
      return false;
    }
    List<JsonNode> page = new ArrayList<>();
    for (long id = first; id < Math.min(rows, first + size); id++) {
      page.add(Json.object().put("id", id).put("title", "Row " + id));
    }
    Prepared prepared =
        records.writer.prepare(
            records.write(Writer.PAGE, records.now(), new Batch.Save("Thing", page)));
    double late = random.nextInt(8) / 1000.0;
    database.useTransaction(tx -> {
      records.writer.commit(tx, prepared);
      // Rows are written and stamped, but nobody may see them yet.
      tx.execute("select pg_sleep(?)", late);
    });
    pages.incrementAndGet();
    return true;
  }

  private long follow(long rows, List<Future<?>> writers) throws Exception {
    RecordReader reader = new RecordReader(database, Sealing.OFF);
    CollectionKey things = new CollectionKey(1, "Thing", "base");
    String cursor = null;
    long seen = 0;
    long listings = 0;
    while (seen < rows) {
      boolean last = writers.stream().allMatch(Future::isDone);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      reader.list(new RecordQuery(things, null, cursor, Set.of(), List.of(), 1_000), out);
      JsonNode page = Json.parse(out.toByteArray()).get("records");
      for (JsonNode record : page) {
        cursor = record.get("_nango_metadata").get("cursor").textValue();
        assertThat(RecordCursor.parse(cursor).version()).isEqualTo(++seen);
      }
      listings++;
      if (last && page.isEmpty() && seen < rows) {
        for (Future<?> writer : writers) {
          writer.get(); // a writer that failed explains it
        }
        throw new AssertionError("a gap at the end: %d of %d rows".formatted(seen, rows));
      }
    }
    return listings;
  }
}

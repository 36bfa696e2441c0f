package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.Database;
import dev.serai.record.CollectionKey;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes pages as a sync does: one thread prepares the next page while another commits the one
 * before in a transaction of its own, strictly in order.
 */
final class PagePipeline implements AutoCloseable {
  static final String MODEL = "Bench";
  static final String STREAM = "bench";

  private final ExecutorService preparing = Executors.newSingleThreadExecutor();
  private final Database database;
  private final RecordWriter writer;

  PagePipeline(Database database, RecordWriter writer) {
    this.database = database;
    this.writer = writer;
  }

  /** What it came to, from the first page handed over to the last one committed. */
  record Took(Counts counts, double seconds) {
    void expect(int added, int updated, int unchanged) {
      if (counts.added() != added
          || counts.updated() != updated
          || counts.unchanged() != unchanged) {
        throw new BenchUnusable("something else was written: " + counts);
      }
    }

    double perSecond(long records) {
      return records / seconds;
    }
  }

  Took write(long connection, Iterator<List<JsonNode>> pages)
      throws InterruptedException, ExecutionException {
    var noted = database.now();
    Counts counts = Counts.NONE;
    long from = System.nanoTime();
    Future<Prepared> next = preparing.submit(() -> prepare(connection, noted, pages));
    while (true) {
      Prepared page = next.get();
      boolean last = !pages.hasNext();
      if (!last) {
        next = preparing.submit(() -> prepare(connection, noted, pages));
      }
      counts = counts.plus(database.inTransaction(handle -> writer.commit(handle, page)));
      if (last) {
        return new Took(counts, (System.nanoTime() - from) / 1e9);
      }
    }
  }

  private Prepared prepare(
      long connection, java.time.OffsetDateTime noted, Iterator<List<JsonNode>> pages) {
    return writer.prepare(page(connection, noted, pages.next()));
  }

  /** A page of a sync as the engine writes it. */
  static Write page(long connection, java.time.OffsetDateTime noted, List<JsonNode> records) {
    return new Write(
        connection,
        CollectionKey.BASE,
        STREAM,
        "",
        Writer.PAGE,
        noted,
        1,
        List.of(new Batch.Save(MODEL, records)));
  }

  /** The records in pages of this size. */
  static Iterator<List<JsonNode>> pages(List<JsonNode> records, int size) {
    return new Iterator<>() {
      private int from;

      @Override
      public boolean hasNext() {
        return from < records.size();
      }

      @Override
      public List<JsonNode> next() {
        int to = Math.min(from + size, records.size());
        List<JsonNode> page = records.subList(from, to);
        from = to;
        return page;
      }
    };
  }

  @Override
  public void close() {
    preparing.shutdownNow();
  }
}

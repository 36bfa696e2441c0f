package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Counts;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many connections with a page of {@value #RECORDS} records each, written side by side. */
final class ManySmall {
  static final int RECORDS = 100;

  /** As many as sync at once by default. */
  static final int WRITERS =
      Integer.parseInt(SettingsSource.DEFAULTS.get("serai.sync.concurrency"));

  private final Database database;
  private final RecordWriter writer;
  private final List<JsonNode> records;

  ManySmall(Database database, RecordWriter writer, List<JsonNode> records) {
    this.database = database;
    this.writer = writer;
    this.records = records;
  }

  PagePipeline.Took write(long[] connections) throws InterruptedException, ExecutionException {
    OffsetDateTime noted = database.now();
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<Counts>> pages = new ArrayList<>();
      long from = System.nanoTime();
      for (long connection : connections) {
        pages.add(writers.submit(() -> writer.save(PagePipeline.page(connection, noted, records))));
      }
      Counts counts = Counts.NONE;
      for (Future<Counts> page : pages) {
        counts = counts.plus(page.get());
      }
      return new PagePipeline.Took(counts, (System.nanoTime() - from) / 1e9);
    }
  }
}

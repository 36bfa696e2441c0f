package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.RecordWriter.Batch;
import java.util.List;

/**
 * The page of the exchange, as the {@code records:} endpoint sees it: collects what the route wants
 * saved and deleted. Nothing is written until the consumer commits it. Thread-safe: the children of
 * a split share it.
 */
public interface RecordPage {
  /** The exchange property that holds the page. */
  String PROPERTY = "SeraiRecordPage";

  /**
   * Hands over unified (or raw) records, each an object with an {@code id}, or ids that the
   * provider reports as deleted. Order within a page counts: of two mentions of one id the later
   * wins.
   *
   * @throws IllegalStateException if the page is closed (committed, rolled back)
   */
  void add(Batch batch);

  /** {@link #add}s records that do not override. */
  default void save(String model, List<JsonNode> records) {
    add(new Batch.Save(model, records));
  }

  /** Marks the page as failed: it will not be committed whatever the route does afterwards. */
  void fail(String reason);
}

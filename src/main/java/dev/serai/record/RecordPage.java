package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
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
   * Hands over unified (or raw) records, each an object with an {@code id}; order within a page
   * counts: of two with the same id the later wins.
   *
   * @throws IllegalStateException if the page is closed (committed, rolled back)
   */
  void save(String model, List<JsonNode> records);

  /** Hands over ids that the provider reports as deleted. */
  void delete(String model, List<String> externalIds);

  /** Marks the page as failed: it will not be committed whatever the route does afterwards. */
  void fail(String reason);
}

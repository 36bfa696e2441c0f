package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.jspecify.annotations.Nullable;

/**
 * One batch of raw records and where the reader stands after it. A batch is what is committed in
 * one transaction: a small answer is one batch, a huge one is cut into several.
 *
 * @param records the provider's objects, already selected and filtered; may be empty
 * @param position where to go on after this batch is committed, opaque JSON; only the last batch of
 *     an answer moves it past that answer. Null: the stream is read to its end
 * @param checkpoint the watermark that is safe once this batch is committed; null: unchanged
 * @param seenIds ids of all rows the read saw, also of those it does not hand on (filtered out on
 *     our side), so that a full read does not take them for deleted
 * @param deletedIds ids of rows that the provider marks as deleted ({@code deletes: field}); they
 *     are not among the records
 * @param bytes size of the answer, for the node's budget of bytes in flight (0 on all but its first
 *     batch)
 */
public record StreamPage(
    ArrayNode records,
    @Nullable JsonNode position,
    @Nullable JsonNode checkpoint,
    java.util.List<String> seenIds,
    java.util.List<String> deletedIds,
    long bytes) {

  public StreamPage(
      ArrayNode records,
      @Nullable JsonNode position,
      @Nullable JsonNode checkpoint,
      java.util.List<String> seenIds,
      long bytes) {
    this(records, position, checkpoint, seenIds, java.util.List.of(), bytes);
  }

  public boolean last() {
    return position == null;
  }
}

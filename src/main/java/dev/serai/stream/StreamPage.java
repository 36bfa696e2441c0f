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
 * @param seenIds ids that the read saw but does not hand on (filtered out on our side), so that a
 *     full read does not take them for deleted
 * @param bytes size of the answer, for the node's budget of bytes in flight (0 on all but its first
 *     batch)
 */
public record StreamPage(
    ArrayNode records,
    @Nullable JsonNode position,
    @Nullable JsonNode checkpoint,
    java.util.List<String> seenIds,
    long bytes) {

  public boolean last() {
    return position == null;
  }
}

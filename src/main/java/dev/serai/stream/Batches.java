package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one answer into pages of a bounded size. Only the last one moves the position past the
 * answer: until then a resumed run fetches it again.
 */
final class Batches {
  /** What becomes of one row. */
  record Row(JsonNode json, @Nullable String id, Fate fate) {}

  enum Fate {
    HAND_ON,
    SEEN_ONLY,
    DELETED
  }

  private final Deque<StreamPage> pages = new ArrayDeque<>();

  @Nullable StreamPage poll() {
    return pages.poll();
  }

  void cut(
      List<Row> rows,
      int size,
      JsonNode before,
      @Nullable JsonNode after,
      @Nullable JsonNode checkpoint,
      long bytes) {
    int from = 0;
    do {
      int to = Math.min(from + size, rows.size());
      boolean last = to == rows.size();
      pages.add(
          page(
              rows.subList(from, to),
              last ? after : before,
              last ? checkpoint : null,
              from == 0 ? bytes : 0));
      from = to;
    } while (from < rows.size());
  }

  private static StreamPage page(
      List<Row> rows, @Nullable JsonNode position, @Nullable JsonNode checkpoint, long bytes) {
    ArrayNode records = Json.array();
    List<String> seen = new ArrayList<>();
    List<String> deleted = new ArrayList<>();
    for (Row row : rows) {
      if (row.fate() == Fate.HAND_ON) {
        records.add(row.json());
      }
      String id = row.id();
      if (id != null) {
        (row.fate() == Fate.DELETED ? deleted : seen).add(id);
      }
    }
    return new StreamPage(
        records, position, checkpoint, List.copyOf(seen), List.copyOf(deleted), bytes);
  }
}

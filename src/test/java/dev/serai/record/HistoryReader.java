package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A customer's backend: follows its cursor, keeps a copy, and begins anew if its cursor expired.
 */
final class HistoryReader {
  private static final String PRUNED = "live";

  private final RecordReader reader;
  private final CollectionKey key;
  private final Map<Integer, String> copy = new TreeMap<>();
  private String cursor;

  HistoryReader(RecordReader reader, CollectionKey key) {
    this.reader = reader;
    this.key = key;
  }

  String cursor() {
    return cursor;
  }

  void follow(int limit, int listings) throws Exception {
    for (int i = 0; i < listings && list(limit); i++) {}
  }

  private boolean list(int limit) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RecordReader.Listing listing;
    try {
      listing = reader.list(new RecordQuery(key, null, cursor, Set.of(), List.of(), limit), out);
    } catch (CursorRefused expired) {
      cursor = null;
      copy.clear();
      return true;
    }
    assertThat(listing.historyLost()).isFalse();
    for (JsonNode record : Json.parse(out.toByteArray()).get("records")) {
      JsonNode metadata = record.get("_nango_metadata");
      cursor = metadata.get("cursor").textValue();
      boolean deleted = metadata.get("last_action").textValue().equals("DELETED");
      String content = record.has("n") ? record.get("n").toString() : PRUNED;
      copy.put(record.get("id").asInt(), deleted ? "deleted" : content);
    }
    return listing.nextCursor() != null;
  }

  void agreesWith(HistoryModel model) {
    Map<Integer, String> truth = new TreeMap<>();
    model.rows.forEach((id, row) -> {
      String content = PRUNED.equals(copy.get(id)) ? PRUNED : "" + row.content().n();
      truth.put(id, row.live() ? content : "deleted");
    });
    assertThat(copy).as("a backend's copy").isEqualTo(truth);
  }
}

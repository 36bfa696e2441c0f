package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.provider.Jslt;
import dev.serai.provider.WebhookSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A delivery's body as the provider wrote it, with all of its events or with some. */
final class Envelope {
  private final Arrival arrival;
  private final List<JsonNode> events;
  private final JsonNode list;

  Envelope(WebhookSpec spec, Arrival arrival, List<JsonNode> events) {
    this.arrival = arrival;
    this.events = events;
    Jslt each = spec.each();
    this.list =
        each == null || events.isEmpty() ? MissingNode.getInstance() : each.apply(arrival.json());
  }

  Headers headers() {
    return arrival.headers();
  }

  /**
   * The body with these of its events and no others; the events alone where {@code each} made their
   * list and did not find it in the body.
   */
  JsonNode with(List<Integer> positions) {
    if (positions.size() == events.size()) {
      return arrival.json();
    }
    ArrayNode kept = Json.array();
    positions.forEach(position -> kept.add(events.get(position)));
    JsonNode cut = cut(arrival.json(), kept);
    return cut == null ? kept : cut;
  }

  /** A copy along the way to the list; null if it is not there. */
  private @Nullable JsonNode cut(JsonNode node, ArrayNode kept) {
    if (node == list) {
      return kept;
    }
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        JsonNode cut = cut(field.getValue(), kept);
        if (cut != null) {
          ObjectNode copy = Json.object();
          copy.setAll(object);
          return copy.set(field.getKey(), cut);
        }
      }
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode cut = cut(array.get(i), kept);
        if (cut != null) {
          ArrayNode copy = Json.array().addAll(array);
          copy.set(i, cut);
          return copy;
        }
      }
    }
    return null;
  }
}

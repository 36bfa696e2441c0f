package dev.serai.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.Map;

/** The one spelling of a webhook's body: compact, keys in alphabetical order at every depth. */
final class WebhookBody {
  private WebhookBody() {}

  static String of(JsonNode body) {
    return Json.write(sorted(body));
  }

  private static JsonNode sorted(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = Json.object();
        object.properties().stream()
            .sorted(Map.Entry.comparingByKey())
            .forEach(entry -> copy.set(entry.getKey(), sorted(entry.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = Json.array();
        array.forEach(element -> copy.add(sorted(element)));
        yield copy;
      }
      default -> node;
    };
  }
}

package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.Json;
import dev.serai.provider.Jslt;
import dev.serai.provider.WebhookSpec;
import java.util.ArrayList;
import java.util.List;

/** The events that a delivery holds: one, or each of a list. */
final class Events {
  private static final int LONGEST_NAME = 255;

  private Events() {}

  static List<JsonNode> of(WebhookSpec spec, Arrival arrival) {
    Jslt each = spec.each();
    if (each == null) {
      return List.of(payload(arrival.json()));
    }
    List<JsonNode> events = new ArrayList<>();
    each.apply(payload(arrival.json())).forEach(events::add);
    return events;
  }

  private static JsonNode payload(JsonNode body) {
    return body instanceof MissingNode ? Json.object() : body;
  }

  /** What routes are chosen by; {@code default} where the provider names none. */
  static String name(WebhookSpec spec, Arrival arrival, JsonNode event) {
    if (spec.event() == null) {
      return "default";
    }
    String name = arrival.text(spec.event(), event).orElse("default").replace("\0", "");
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }
}

package dev.serai.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Compares what Serai keeps with what is really so at the helpdesk, field by field. */
final class Truth {
  private static final Map<String, String> STATUS =
      Map.of(
          "new", "open",
          "in_progress", "in_progress",
          "waiting", "pending",
          "parked", "on_hold",
          "solved", "closed");
  private static final List<String> PRIORITY = List.of("low", "normal", "high", "urgent");

  private Truth() {}

  /** What is missing, too much or different; all empty if the records are the truth. */
  record Difference(List<String> lost, List<String> spurious, List<String> different) {
    boolean none() {
      return lost.isEmpty() && spurious.isEmpty() && different.isEmpty();
    }
  }

  static Difference compare(
      ObjectNode truth, Map<String, JsonNode> live, UnaryOperator<JsonNode> mapping) {
    Map<String, JsonNode> wanted = new TreeMap<>();
    truth.properties().forEach(entry -> wanted.put(entry.getKey(), entry.getValue()));
    return new Difference(
        wanted.keySet().stream().filter(id -> !live.containsKey(id)).toList(),
        live.keySet().stream().filter(id -> !wanted.containsKey(id)).toList(),
        wanted.keySet().stream()
            .filter(live::containsKey)
            .filter(id -> !same(mapping.apply(wanted.get(id)), live.get(id)))
            .toList());
  }

  /** The helpdesk's ticket as the model Ticket says it, written down a second time on purpose. */
  static JsonNode asTicket(JsonNode raw) {
    ObjectNode ticket = Json.object();
    ticket.put("id", raw.path("id").asText());
    ticket.set("title", raw.path("subject"));
    ticket.set("description", raw.path("body"));
    ticket.put("status", STATUS.get(raw.path("state").asText()));
    ticket.set("status_label", raw.path("state"));
    ticket.put("priority", PRIORITY.get(raw.path("priority").asInt() - 1));
    ticket.set("type", raw.path("kind"));
    addText(ticket, "assignee_ids", raw.path("assignee_id"));
    if (!raw.path("requester_id").isNull()) {
      ticket.put("creator_id", raw.path("requester_id").asText());
    }
    addText(ticket, "collection_ids", raw.path("project_id"));
    ticket.set("tags", raw.path("labels"));
    if (!raw.path("due_on").isNull()) {
      ticket.put("due_at", raw.path("due_on").asText() + "T00:00:00Z");
    }
    ticket.set("completed_at", raw.path("solved_at"));
    ticket.set("created_at", raw.path("created_at"));
    ticket.set("updated_at", raw.path("updated_at"));
    ObjectNode custom = ticket.putObject("custom_fields");
    custom.set("hours_spent", raw.path("hours_spent"));
    custom.set("reference", raw.path("reference"));
    custom.set("comments_count", raw.path("comments_count"));
    return ticket;
  }

  private static void addText(ObjectNode ticket, String field, JsonNode id) {
    if (!id.isNull()) {
      ticket.putArray(field).add(id.asText());
    }
  }

  // Null, an empty list and an absent field mean the same; 1.50 and 1.5 are one number.
  static boolean same(JsonNode one, JsonNode other) {
    if (empty(one) || empty(other)) {
      return empty(one) && empty(other);
    }
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    if (one.isObject() && other.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      one.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
      other.properties().forEach(entry -> fields.putIfAbsent(entry.getKey(), entry.getValue()));
      return fields.keySet().stream().allMatch(key -> same(one.path(key), other.path(key)));
    }
    if (one.isArray() && other.isArray()) {
      Iterator<JsonNode> others = other.iterator();
      boolean equal = one.size() == other.size();
      for (Iterator<JsonNode> ones = one.iterator(); equal && ones.hasNext(); ) {
        equal = same(ones.next(), others.next());
      }
      return equal;
    }
    return one.equals(other);
  }

  private static boolean empty(JsonNode node) {
    return node.isMissingNode() || node.isNull() || (node.isArray() && node.isEmpty());
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways a ticket changes; input is already checked by {@link TicketInput}. Null and the empty
 * text both clear a field.
 */
final class TicketChange {
  private TicketChange() {}

  /** A copy with the fields that the input names. */
  static Ticket apply(Ticket t, JsonNode input) {
    return new Ticket(
        t.id(),
        input.path("subject").asText(t.subject()),
        input.has("body") ? text(input.get("body")) : t.body(),
        input.path("state").asText(t.state()),
        input.path("priority").asInt(t.priority()),
        input.path("kind").asText(t.kind()),
        input.has("assignee_id") ? id(input.get("assignee_id")) : t.assigneeId(),
        input.has("requester_id") ? id(input.get("requester_id")) : t.requesterId(),
        input.has("project_id") ? id(input.get("project_id")) : t.projectId(),
        input.has("labels") ? labels(input.get("labels")) : t.labels(),
        input.has("due_on") ? date(input.get("due_on")) : t.dueOn(),
        input.has("hours_spent") ? input.get("hours_spent").decimalValue() : t.hoursSpent(),
        t.commentsCount(),
        t.createdAt(),
        t.updatedAt(),
        t.solvedAt());
  }

  /** A copy changed now; solving and reopening keep {@code solved_at} honest. */
  static Ticket touched(Ticket t, Instant now) {
    boolean solved = t.state().equals("solved");
    Instant solvedAt = solved ? (t.solvedAt() == null ? now : t.solvedAt()) : null;
    return copy(t, t.commentsCount(), now, solvedAt);
  }

  static Ticket commented(Ticket t) {
    return copy(t, t.commentsCount() + 1, t.updatedAt(), t.solvedAt());
  }

  private static Ticket copy(
      Ticket t, int commentsCount, Instant updatedAt, @Nullable Instant solvedAt) {
    return new Ticket(
        t.id(),
        t.subject(),
        t.body(),
        t.state(),
        t.priority(),
        t.kind(),
        t.assigneeId(),
        t.requesterId(),
        t.projectId(),
        t.labels(),
        t.dueOn(),
        t.hoursSpent(),
        commentsCount,
        t.createdAt(),
        updatedAt,
        solvedAt);
  }

  private static @Nullable String text(JsonNode node) {
    return TicketInput.clears(node) ? null : node.asText();
  }

  private static @Nullable Long id(JsonNode node) {
    return TicketInput.clears(node) ? null : (Long) node.asLong();
  }

  private static @Nullable LocalDate date(JsonNode node) {
    return TicketInput.clears(node) ? null : LocalDate.parse(node.asText());
  }

  private static List<String> labels(JsonNode node) {
    List<String> labels = new ArrayList<>();
    node.forEach(label -> labels.add(label.asText()));
    return labels;
  }
}

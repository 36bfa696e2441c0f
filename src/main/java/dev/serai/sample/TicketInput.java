package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Checks what callers send for a ticket, as strictly as a real helpdesk would: 422 and why. */
final class TicketInput {
  private static final Set<String> FIELDS =
      Set.of(
          "subject",
          "body",
          "state",
          "priority",
          "kind",
          "assignee_id",
          "requester_id",
          "project_id",
          "labels",
          "due_on",
          "hours_spent");

  private final Truth truth;

  TicketInput(Truth truth) {
    this.truth = truth;
  }

  /**
   * @throws Refusal 422 naming the first bad field
   */
  Ticket create(JsonNode input) {
    check(input);
    require(input.has("subject"), "subject", "can't be blank");
    return truth.insert((id, now) -> TicketChange.apply(blank(id, now), input));
  }

  /**
   * @throws Refusal 422 naming the first bad field, 404 if there is no such ticket
   */
  Ticket update(long id, JsonNode input) {
    check(input);
    Ticket changed = truth.edit(id, ticket -> TicketChange.apply(ticket, input));
    if (changed == null) {
      throw Refusal.notFound("ticket");
    }
    return changed;
  }

  private static Ticket blank(long id, Instant now) {
    return new Ticket(
        id,
        "",
        null,
        "new",
        2,
        "question",
        null,
        null,
        null,
        List.of(),
        null,
        BigDecimal.ZERO,
        0,
        now,
        now,
        null);
  }

  private void check(JsonNode input) {
    require(input.isObject(), "body", "must be a JSON object");
    input
        .fieldNames()
        .forEachRemaining(name -> require(FIELDS.contains(name), name, "is not a known field"));
    if (input.has("subject")) {
      JsonNode subject = input.get("subject");
      require(subject.isTextual() && !subject.asText().isBlank(), "subject", "can't be blank");
      require(subject.asText().length() <= 255, "subject", "is too long (maximum is 255)");
    }
    oneOf(input, "state", Ticket.STATES);
    oneOf(input, "kind", Ticket.KINDS);
    if (input.has("priority")) {
      JsonNode priority = input.get("priority");
      boolean valid = priority.isInt() && priority.asInt() >= 1 && priority.asInt() <= 4;
      require(valid, "priority", "must be a whole number from 1 to 4");
    }
    refers(input, "assignee_id", truth.users());
    refers(input, "requester_id", truth.users());
    refers(input, "project_id", truth.projects());
    checkRest(input);
  }

  private static void checkRest(JsonNode input) {
    JsonNode body = input.path("body");
    require(body.isTextual() || absent(body), "body", "must be text");
    JsonNode hours = input.path("hours_spent");
    require(hours.isNumber() || hours.isMissingNode(), "hours_spent", "must be a number");
    JsonNode labels = input.path("labels");
    boolean texts =
        labels.isArray()
            && StreamSupport.stream(labels.spliterator(), false).allMatch(JsonNode::isTextual);
    require(texts || absent(labels), "labels", "must be a list of texts");
    JsonNode due = input.path("due_on");
    require(absent(due) || isDate(due.asText()), "due_on", "must be a date like 2026-12-31");
  }

  private static void oneOf(JsonNode input, String field, List<String> allowed) {
    if (input.has(field)) {
      boolean valid = allowed.contains(input.get(field).asText());
      require(valid, field, "is not one of " + String.join(", ", allowed));
    }
  }

  private static void refers(
      JsonNode input, String field, List<com.fasterxml.jackson.databind.node.ObjectNode> all) {
    JsonNode id = input.path(field);
    boolean valid = absent(id) || (id.isIntegralNumber() && Truth.has(all, id.asLong()));
    require(valid, field, "does not exist");
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || clears(node);
  }

  static boolean clears(JsonNode node) {
    return node.isNull() || (node.isTextual() && node.textValue().isEmpty());
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static void require(boolean valid, String field, String message) {
    if (!valid) {
      throw new Refusal(422, field, message);
    }
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.serai.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ticket of the simulated helpdesk, as its own people see it. Times have milliseconds. {@code
 * reference} is beyond what a double can hold and {@code hoursSpent} keeps its trailing zeros, so
 * that a reader which rounds numbers is caught.
 */
record Ticket(
    long id,
    String subject,
    @Nullable String body,
    String state,
    int priority,
    String kind,
    @Nullable Long assigneeId,
    @Nullable Long requesterId,
    @Nullable Long projectId,
    List<String> labels,
    @Nullable LocalDate dueOn,
    BigDecimal hoursSpent,
    int commentsCount,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant solvedAt) {

  static final List<String> STATES = List.of("new", "in_progress", "waiting", "parked", "solved");
  static final List<String> KINDS = List.of("question", "bug", "task");

  /** The order of the incremental export: by change, then by id. */
  static final Comparator<Ticket> BY_CHANGE =
      Comparator.comparing(Ticket::updatedAt).thenComparingLong(Ticket::id);

  private static final long REFERENCE_BASE = 9_007_199_254_740_992L;

  Ticket {
    labels = List.copyOf(labels);
  }

  /** Streams the ticket as JSON: a page of many thousands should cost little. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", id);
    json.writeStringField("subject", subject);
    json.writeStringField("body", body);
    json.writeStringField("state", state);
    json.writeNumberField("priority", priority);
    json.writeStringField("kind", kind);
    writeId(json, "assignee_id", assigneeId);
    writeId(json, "requester_id", requesterId);
    writeId(json, "project_id", projectId);
    json.writeArrayFieldStart("labels");
    for (String label : labels) {
      json.writeString(label);
    }
    json.writeEndArray();
    json.writeStringField("due_on", dueOn == null ? null : dueOn.toString());
    json.writeNumberField("hours_spent", hoursSpent);
    json.writeNumberField("reference", REFERENCE_BASE + id);
    json.writeNumberField("comments_count", commentsCount);
    json.writeStringField("created_at", Times.text(createdAt));
    json.writeStringField("updated_at", Times.text(updatedAt));
    json.writeStringField("solved_at", solvedAt == null ? null : Times.text(solvedAt));
    json.writeEndObject();
  }

  private static void writeId(JsonGenerator json, String name, @Nullable Long id)
      throws IOException {
    json.writeFieldName(name);
    if (id == null) {
      json.writeNull();
    } else {
      json.writeNumber(id);
    }
  }

  /** The ticket alone, as {@code GET /v1/tickets/{id}} answers it. */
  byte[] json() {
    return Bodies.write(this::write);
  }

  /** A reader of raw JSON text, for comparisons. */
  com.fasterxml.jackson.databind.JsonNode tree() {
    try {
      return Json.parse(json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

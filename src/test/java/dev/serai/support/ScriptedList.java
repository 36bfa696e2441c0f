package dev.serai.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A list at a provider that can be paged in every style and changed between two pages. */
public final class ScriptedList {
  public record Row(int id, Instant updated) {}

  private final List<Row> rows = new ArrayList<>();
  private int slack;

  /** The filter takes in rows of so many seconds before the value, as some APIs' do. */
  public ScriptedList filteringWidely(int seconds) {
    slack = seconds;
    return this;
  }

  /** So many rows, one per second, ids from 1. */
  public static ScriptedList of(int count) {
    ScriptedList list = new ScriptedList();
    for (int id = 1; id <= count; id++) {
      list.put(id, Instant.parse("2024-01-01T00:00:00Z").plusSeconds(id));
    }
    return list;
  }

  public synchronized ScriptedList put(int id, Instant updated) {
    remove(id);
    rows.add(new Row(id, updated));
    return this;
  }

  public synchronized void remove(int id) {
    rows.removeIf(row -> row.id() == id);
  }

  public synchronized List<Row> rows() {
    return rows.stream().sorted(order()).toList();
  }

  /**
   * The list as {@code {items, total, next, more, link}}, by whatever parameters the request has.
   */
  public synchronized Answer answer(Request request) {
    int limit = request.number("limit", 10);
    List<Row> found = matching(request);
    int from = Math.min(from(request, found, limit), found.size());
    List<Row> page = found.subList(from, Math.min(from + limit, found.size()));
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.forEach(
        row -> items.addObject().put("id", row.id()).put("updated", row.updated().toString()));
    boolean more = from + page.size() < found.size();
    body.put("total", found.size()).put("more", more);
    String next = more ? "t" + (from + page.size()) : null;
    body.put("next", next);
    body.put("link", next == null ? null : "/list?limit=" + limit + "&cursor=" + next);
    Answer answer = Answer.json(Json.write(body));
    return next == null
        ? answer
        : answer
            .with("X-Next", next)
            .with(
                "Link",
                "<https://x.example/first>; rel=\"first\", </list?limit=%d&cursor=%s>; rel=\"next\""
                    .formatted(limit, next));
  }

  private List<Row> matching(Request request) {
    Instant since =
        request.query().containsKey("since")
            ? Instant.parse(request.query().get("since")).minusSeconds(slack)
            : Instant.MIN;
    return rows.stream().filter(r -> !r.updated().isBefore(since)).sorted(order()).toList();
  }

  private static int from(Request request, List<Row> found, int limit) {
    JsonNode body = request.body().isEmpty() ? Json.object() : Json.parse(request.body());
    if (request.query().containsKey("cursor")) {
      return Integer.parseInt(request.query().get("cursor").substring(1));
    }
    if (body.at("/variables/after").isTextual()) {
      return Integer.parseInt(body.at("/variables/after").asText().substring(1));
    }
    if (body.has("offset")) {
      return body.get("offset").intValue();
    }
    if (request.query().containsKey("page")) {
      return (request.number("page", 1) - 1) * limit;
    }
    if (request.query().containsKey("after_id")) {
      int after = request.number("after_id", 0);
      return (int) found.stream().filter(row -> row.id() <= after).count();
    }
    return request.number("offset", 0);
  }

  private static Comparator<Row> order() {
    return Comparator.comparing(Row::updated).thenComparing(Row::id);
  }
}

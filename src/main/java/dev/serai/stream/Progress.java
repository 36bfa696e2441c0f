package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import org.jspecify.annotations.Nullable;

/**
 * Where a read stands, all of it: what {@code position} holds between two pages and what a process
 * that takes over goes on from. Cursor values are kept as the text of their format. One thread.
 */
final class Progress {
  /** The kind of paging that wrote this; another kind cannot go on from it. */
  final String kind;

  /** The run's own bounds, fixed when it began: checkpoint then, lower bound sent, upper bound. */
  @Nullable String base;

  @Nullable String from;
  @Nullable String until;

  /** The next request: page number or offset; token; URL; anchor of a re-anchored list. */
  long number;

  @Nullable JsonNode token;
  @Nullable String url;
  @Nullable String anchor;

  /** The row that the next answer must begin with if the list did not move under us. */
  @Nullable String expected;

  /** A re-anchored request starts at its first row, not behind the rows that are known. */
  boolean fromFirst;

  /** Rows that came since the anchor (or since the beginning). */
  long rows;

  int pages;
  int emptyPages;
  int restarts;

  /** Cursor values: the highest seen, the last one (for the order), the last checkpoint given. */
  @Nullable String highest;

  @Nullable String last;
  @Nullable String given;
  boolean unordered;
  RepeatGuard guard = new RepeatGuard();

  Progress(String kind) {
    this.kind = kind;
  }

  /** Back to the first request, with everything that was learned about the run kept. */
  void startOver(long firstNumber) {
    number = firstNumber;
    token = null;
    url = null;
    anchor = null;
    expected = null;
    rows = 0;
    emptyPages = 0;
    last = null;
    guard = new RepeatGuard();
  }

  /** What tells one request from another; the repeat guard refuses to send the same twice. */
  String request() {
    return number + "|" + token + "|" + url + "|" + anchor + "|" + restarts;
  }

  JsonNode json() {
    ObjectNode json = Json.object();
    json.put("kind", kind).put("number", number).put("rows", rows).put("pages", pages);
    json.put("emptyPages", emptyPages).put("restarts", restarts).put("unordered", unordered);
    json.put("fromFirst", fromFirst);
    put(json, "base", base);
    put(json, "from", from);
    put(json, "until", until);
    put(json, "url", url);
    put(json, "anchor", anchor);
    put(json, "expected", expected);
    put(json, "highest", highest);
    put(json, "last", last);
    put(json, "given", given);
    if (token != null) {
      json.set("token", token);
    }
    json.set("guard", guard.json());
    return json;
  }

  static Progress of(JsonNode json) {
    Progress progress = new Progress(json.path("kind").asText());
    progress.number = json.path("number").asLong();
    progress.rows = json.path("rows").asLong();
    progress.pages = json.path("pages").asInt();
    progress.emptyPages = json.path("emptyPages").asInt();
    progress.restarts = json.path("restarts").asInt();
    progress.unordered = json.path("unordered").asBoolean();
    progress.fromFirst = json.path("fromFirst").asBoolean();
    progress.base = text(json, "base");
    progress.from = text(json, "from");
    progress.until = text(json, "until");
    progress.url = text(json, "url");
    progress.anchor = text(json, "anchor");
    progress.expected = text(json, "expected");
    progress.highest = text(json, "highest");
    progress.last = text(json, "last");
    progress.given = text(json, "given");
    progress.token = json.get("token");
    progress.guard = RepeatGuard.of(json.path("guard"));
    return progress;
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.has(name) ? json.get(name).asText() : null;
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every request that came, so that a test can say which page was read how often. Counts are kept
 * for all, single lines for the last {@value #LINES}. Never holds a header. Thread-safe.
 */
final class RequestLog {
  private static final int LINES = 50_000;

  private record Line(long number, String method, String target, int status, Fault.Kind fault) {}

  private final Deque<Line> lines = new ArrayDeque<>();
  private final Map<String, Integer> byTarget = new LinkedHashMap<>();
  private long total;

  synchronized void add(Request request, int status) {
    total++;
    lines.addLast(
        new Line(total, request.method(), request.target(), status, request.fault().kind()));
    if (lines.size() > LINES) {
      lines.removeFirst();
    }
    byTarget.merge(request.method() + " " + request.target(), 1, Integer::sum);
  }

  synchronized void clear() {
    lines.clear();
    byTarget.clear();
    total = 0;
  }

  /** {@code {"total", "by_target": {"GET /v1/tickets?limit=100": 1}, "requests": [...]}}. */
  synchronized ObjectNode describe() {
    ObjectNode all = Json.object().put("total", total);
    ObjectNode counts = all.putObject("by_target");
    byTarget.forEach(counts::put);
    ArrayNode requests = all.putArray("requests");
    for (Line line : lines) {
      requests
          .addObject()
          .put("number", line.number())
          .put("method", line.method())
          .put("target", line.target())
          .put("status", line.status())
          .put("fault", line.fault() == Fault.Kind.NONE ? null : line.fault().wireName());
    }
    return all;
  }
}

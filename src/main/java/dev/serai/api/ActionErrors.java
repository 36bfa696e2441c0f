package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.Json;
import dev.serai.action.ActionOutcome;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.record.ModelCheck.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How a failed action is told: whose fault it was, and what the provider said. */
final class ActionErrors {
  private static final int MOST_TEXT = 64 * 1024;

  /** What a caller may need; cookies and the like stay here. */
  private static final Set<String> RELAYED =
      Set.of("content-type", "retry-after", "x-request-id", "x-correlation-id", "link", "date");

  private ActionErrors() {}

  static ApiError of(ActionOutcome failed) {
    return switch (failed) {
      case ActionOutcome.InvalidInput input ->
          faulty(400, failed, "The input is not a valid " + input.schema(), input.faults());
      case ActionOutcome.InvalidOutput output ->
          faulty(
              400,
              failed,
              "The action was done, but its output is not a valid " + output.schema(),
              output.faults());
      case ActionOutcome.OutputTooLarge large ->
          told(
              400,
              failed,
              "The action was done, but its output has %d bytes; the most is %d"
                  .formatted(large.bytes(), large.most()));
      case ActionOutcome.Refused refused -> upstream(failed, refused.message(), refused.answer());
      case ActionOutcome.RateLimited limited ->
          upstream(failed, limited.message(), limited.answer());
      case ActionOutcome.Unreachable unreachable -> told(500, failed, unreachable.message());
      case ActionOutcome.TimedOut late ->
          told(500, failed, "The action took longer than " + late.after());
      case ActionOutcome.Done done -> throw new IllegalArgumentException("not a failure");
      case ActionOutcome.NotFound missing -> ApiError.notFound("Action not found");
      case ActionOutcome.Broken broken -> told(500, failed, "The action failed");
    };
  }

  private static ApiError told(int status, ActionOutcome failed, String message) {
    ObjectNode more = Json.object();
    more.putObject("payload").put("message", message);
    return ApiError.of(status, failed.code(), message, more);
  }

  private static ApiError faulty(
      int status, ActionOutcome failed, String message, List<Fault> faults) {
    ObjectNode more = Json.object();
    ArrayNode errors = more.putObject("payload").putArray("errors");
    for (Fault fault : faults) {
      errors
          .addObject()
          .put("field", fault.field())
          .put("rule", fault.rule())
          .put("message", fault.message());
    }
    return ApiError.of(status, failed.code(), message + ": " + faults.getFirst(), more);
  }

  private static ApiError upstream(ActionOutcome failed, String message, HttpAnswer answer) {
    JsonNode body = body(answer);
    ObjectNode more = Json.object();
    more.set("payload", body);
    ObjectNode upstream = more.putObject("upstream").put("status", answer.status());
    ObjectNode headers = upstream.putObject("headers");
    for (Headers.Line line : answer.headers().lines()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (RELAYED.contains(name) || name.contains("ratelimit") || name.contains("rate-limit")) {
        headers.put(name, line.value());
      }
    }
    upstream.set("body", body);
    return ApiError.of(424, failed.code(), message, more);
  }

  private static JsonNode body(HttpAnswer answer) {
    try {
      return Json.parse(answer.body());
    } catch (IOException e) {
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      return TextNode.valueOf(text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text);
    }
  }
}

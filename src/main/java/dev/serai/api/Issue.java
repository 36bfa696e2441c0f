package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with a request.
 *
 * @param code the vocabulary of the contract's validator: {@code invalid_type}, {@code too_big}, …
 * @param path keys (strings) and positions (integers) from the outside in
 */
record Issue(String code, String message, List<Object> path) {
  private static final int MOST_SHOWN = 5;

  static ApiError refuse(String where, List<Issue> issues) {
    ArrayNode errors = Json.array();
    issues.forEach(issue -> errors.add(issue.json()));
    ObjectNode more = Json.object();
    more.set("errors", errors);
    return ApiError.of(400, where, words(issues), more);
  }

  /** What SDKs show, which read the message and not the list. */
  private static String words(List<Issue> issues) {
    return issues.stream()
        .limit(MOST_SHOWN)
        .map(issue ->
            issue.path.isEmpty()
                ? issue.message
                : issue.path.stream().map(Object::toString).collect(Collectors.joining("."))
                    + ": "
                    + issue.message)
        .collect(Collectors.joining("; "));
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("code", code).put("message", message);
    ArrayNode steps = json.putArray("path");
    for (Object step : path) {
      if (step instanceof Integer position) {
        steps.add(position);
      } else {
        steps.add(step.toString());
      }
    }
    return json;
  }
}

package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;

/**
 * One thing that is wrong with a request.
 *
 * @param code the vocabulary of the contract's validator: {@code invalid_type}, {@code too_big}, …
 * @param path keys (strings) and positions (integers) from the outside in
 */
record Issue(String code, String message, List<Object> path) {

  static ApiError refuse(String where, List<Issue> issues) {
    ArrayNode errors = Json.array();
    issues.forEach(issue -> errors.add(issue.json()));
    ObjectNode more = Json.object();
    more.set("errors", errors);
    return ApiError.of(400, where, null, more);
  }

  private ObjectNode json() {
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

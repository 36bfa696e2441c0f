package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A request as a handler sees it: everything decoded, nothing trusted yet.
 *
 * @param operation the name the route gave it, e.g. {@code listConnections}
 * @param pathTemplate e.g. {@code /connections/{connectionId}}; {@code path} is what really came
 * @param target path and query as they came, still encoded
 * @param query nested as the SDK writes it: {@code tags[a]=b} is an object, a repeated key an array
 * @param remote the address it came from, for limits on callers who are not known
 */
public record ApiRequest(
    String operation,
    String method,
    String path,
    String target,
    Map<String, String> pathParameters,
    ObjectNode query,
    Headers headers,
    byte[] body,
    String remote) {

  Optional<String> header(String name) {
    return headers.first(name);
  }

  /** A path parameter of the route's template. */
  String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalStateException(operation + ": the route has no path parameter " + name);
    }
    return value;
  }

  /** The body as JSON; an absent one counts as {@code null}, which every schema refuses by name. */
  JsonNode json() {
    if (body.length == 0) {
      return Json.mapper().nullNode();
    }
    try {
      return Json.parse(body);
    } catch (IOException e) {
      throw ApiError.invalidJson();
    }
  }

  @Override
  public String toString() {
    return method + " " + operation;
  }
}

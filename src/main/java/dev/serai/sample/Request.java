package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.serai.Json;
import dev.serai.sample.oauth.OAuthError;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as the simulator's handlers see it; of a repeated parameter the last one counts. */
record Request(
    String method,
    String path,
    Map<String, String> query,
    byte[] body,
    String target,
    Map<String, String> headers,
    Fault fault) {

  static Request of(HttpExchange exchange) throws IOException {
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        parameters(exchange.getRequestURI().getRawQuery()),
        exchange.getRequestBody().readAllBytes(),
        OAuthApi.target(exchange),
        headers(exchange),
        Fault.NONE);
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    return headers;
  }

  Request suffering(Fault changed) {
    return new Request(method, path, query, body, target, headers, changed);
  }

  /** Of a repeated one the first, null if there is none. */
  @Nullable String header(String name) {
    return headers.get(name);
  }

  /**
   * The fields of a form.
   *
   * @throws OAuthError if the body is no form, or a field comes twice (RFC 6749, 3.2)
   */
  Map<String, String> form() {
    String type = headers.getOrDefault("content-type", "");
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      throw OAuthError.invalidRequest("send application/x-www-form-urlencoded");
    }
    String raw = new String(body, StandardCharsets.UTF_8);
    Map<String, String> form = parameters(raw);
    if (!raw.isEmpty() && form.size() != raw.split("&", -1).length) {
      throw OAuthError.invalidRequest("a parameter comes twice");
    }
    return form;
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  /** A whole number within bounds; what is absent or not a number is the fallback. */
  int number(String name, int fallback, int least, int most) {
    String text = query.getOrDefault(name, "");
    int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : fallback;
    return Math.clamp(value, least, most);
  }

  /**
   * @throws Refusal 400 if the body is not JSON
   */
  JsonNode json() {
    try {
      JsonNode parsed = Json.parse(body);
      return parsed.isMissingNode() ? Json.object() : parsed;
    } catch (IOException e) {
      throw new Refusal(400, "body", "is not JSON");
    }
  }

  private static Map<String, String> parameters(@Nullable String raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (raw != null && !raw.isEmpty()) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.put(decode(name), decode(value));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a handler answers, before a fault may spoil it. */
record Answer(int status, Map<String, String> headers, byte[] body) {
  static Answer json(int status, JsonNode body) {
    return json(status, Bodies.of(body));
  }

  static Answer json(int status, byte[] body) {
    return new Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  static Answer error(int status, String code, String message) {
    return json(status, Json.object().put("error", code).put("message", message));
  }

  static Answer html(int status, String html) {
    return new Answer(
        status,
        Map.of("Content-Type", "text/html; charset=utf-8"),
        html.getBytes(StandardCharsets.UTF_8));
  }

  Answer with(String header, String value) {
    Map<String, String> copy = new LinkedHashMap<>(headers);
    copy.put(header, value);
    return new Answer(status, copy, body);
  }

  Answer withBody(byte[] changed) {
    return new Answer(status, headers, changed);
  }
}

package dev.serai.inbox;

import dev.serai.Json;
import java.util.Map;

/** What the provider is answered: small, and nothing of what it sent but a challenge. */
public record Reply(int status, String contentType, String body, Map<String, String> headers) {
  static final Reply SUCCESS = json(200, Json.object().put("status", "success"));
  static final Reply EMPTY = text(200, "");

  /** The provider's folder declares no webhooks. */
  static final Reply NOT_TAKEN = text(204, "");

  static Reply text(int status, String text) {
    return new Reply(status, "text/plain; charset=utf-8", text, Map.of());
  }

  /** In the shape of the API's errors. */
  public static Reply error(int status, String code, String message) {
    var envelope = Json.object();
    envelope.putObject("error").put("code", code).put("message", message);
    return json(status, envelope);
  }

  private static Reply json(int status, com.fasterxml.jackson.databind.JsonNode json) {
    return new Reply(status, "application/json; charset=utf-8", Json.write(json), Map.of());
  }

  /** As this one, with a header. */
  Reply with(String name, String value) {
    return new Reply(status, contentType, body, Map.of(name, value));
  }
}

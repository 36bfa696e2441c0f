package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;

/** Credentials as the wire writes them; also what is sealed. Never log the result. */
public final class CredentialJson {
  private CredentialJson() {}

  public static ObjectNode write(Credentials credentials) {
    return switch (credentials) {
      case Credentials.ApiKey key -> typed(key).put("apiKey", key.apiKey());
      case Credentials.Basic basic ->
          typed(basic).put("username", basic.username()).put("password", basic.password());
      case Credentials.None none -> Json.object();
    };
  }

  static Credentials read(JsonNode json) {
    return switch (json.path("type").asText()) {
      case "API_KEY" -> new Credentials.ApiKey(json.path("apiKey").asText());
      case "BASIC" ->
          new Credentials.Basic(json.path("username").asText(), json.path("password").asText());
      case "" -> new Credentials.None();
      default ->
          throw new IllegalStateException(
              "a newer Serai stored credentials of type " + json.path("type").asText());
    };
  }

  private static ObjectNode typed(Credentials credentials) {
    return Json.object().put("type", credentials.type());
  }
}

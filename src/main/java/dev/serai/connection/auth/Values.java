package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.Credentials;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the places of an auth template stand for. A value that nobody gave is empty text. Holds
 * secrets: lives as long as a request is made.
 *
 * @param credentials as the wire writes them
 * @param steps what earlier steps took, by name
 */
record Values(
    ObjectNode config,
    ObjectNode secretConfig,
    ObjectNode credentials,
    App app,
    Map<String, String> steps)
    implements UnaryOperator<String> {

  static Values of(ObjectNode config, ObjectNode secretConfig, Credentials credentials, App app) {
    return new Values(config, secretConfig, CredentialJson.write(credentials), app, Map.of());
  }

  /** For consent, where the customer enters nothing. */
  static Values of(ObjectNode config, App app) {
    return new Values(config, Json.object(), Json.object(), app, Map.of());
  }

  Values with(Map<String, String> more) {
    return new Values(config, secretConfig, credentials, app, more);
  }

  @Override
  public String apply(String name) {
    int dot = name.indexOf('.');
    String key = name.substring(dot + 1);
    return switch (name.substring(0, Math.max(0, dot))) {
      case "connection_config" ->
          secretConfig.has(key) ? secretConfig.get(key).asText() : config.path(key).asText("");
      case "credentials" -> nested(key).asText("");
      case "app" -> app(key);
      case "step" -> steps.getOrDefault(key, "");
      default -> "";
    };
  }

  private JsonNode nested(String key) {
    JsonNode node = credentials;
    for (String part : key.split("\\.")) {
      node = node.path(part);
    }
    return node;
  }

  private String app(String key) {
    @Nullable String value =
        switch (key) {
          case "client_id" -> app.clientId();
          case "client_secret" -> app.clientSecret();
          case "app_id" -> app.appId();
          case "app_link" -> app.appLink();
          case "private_key" -> app.privateKey();
          default -> null;
        };
    return value == null ? "" : value;
  }

  @Override
  public String toString() {
    return "Values[hidden]";
  }
}

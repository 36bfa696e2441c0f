package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The developer's own app at a provider, one per integration, unsealed: what OAuth calls the
 * client. Lives as long as a call. {@code toString} never shows it.
 *
 * @param scopes empty: the provider's own default
 * @param appId with {@code appLink} and {@code privateKey} for apps that are installed
 */
public record App(
    @Nullable String clientId,
    @Nullable String clientSecret,
    List<String> scopes,
    @Nullable String appId,
    @Nullable String appLink,
    @Nullable String privateKey) {
  public static final App NONE = new App(null, null, List.of(), null, null, null);

  /** As it is sealed. Never log the result. */
  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("client_id", clientId)
            .put("client_secret", clientSecret)
            .put("app_id", appId)
            .put("app_link", appLink)
            .put("private_key", privateKey);
    scopes.forEach(json.putArray("scopes")::add);
    return json;
  }

  /** Every text of it that nobody else may see. */
  public List<String> secrets() {
    return Stream.of(clientSecret, privateKey)
        .flatMap(Stream::ofNullable)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  static App of(JsonNode json) {
    List<String> scopes = new java.util.ArrayList<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    return new App(
        text(json, "client_id"),
        text(json, "client_secret"),
        List.copyOf(scopes),
        text(json, "app_id"),
        text(json, "app_link"),
        text(json, "private_key"));
  }

  private static @Nullable String text(JsonNode json, String key) {
    return json.hasNonNull(key) ? json.get(key).asText() : null;
  }

  @Override
  public String toString() {
    return "App[hidden]";
  }
}

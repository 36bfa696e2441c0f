package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.http.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call to a provider's API, still without base URL, standing headers and credentials.
 *
 * @param path relative to the provider's base URL, or an absolute URL of the same origin (a next
 *     link); braces in it are data, never templates
 * @param query in order, decoded
 * @param body null: none; sent as JSON
 */
public record ProviderCall(
    String method,
    String path,
    List<Map.Entry<String, String>> query,
    Headers headers,
    @Nullable JsonNode body) {

  public static ProviderCall get(String path) {
    return new ProviderCall("GET", path, List.of(), Headers.NONE, null);
  }
}

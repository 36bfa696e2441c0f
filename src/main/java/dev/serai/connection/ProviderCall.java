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
 * @param repeatable sending it twice does no harm, so that it may be retried whatever went wrong; a
 *     PUT may add a comment, so only GET and HEAD are by nature
 */
public record ProviderCall(
    String method,
    String path,
    List<Map.Entry<String, String>> query,
    Headers headers,
    @Nullable JsonNode body,
    boolean repeatable) {

  public ProviderCall(
      String method,
      String path,
      List<Map.Entry<String, String>> query,
      Headers headers,
      @Nullable JsonNode body) {
    this(
        method,
        path,
        query,
        headers,
        body,
        method.equalsIgnoreCase("GET") || method.equalsIgnoreCase("HEAD"));
  }

  public static ProviderCall get(String path) {
    return new ProviderCall("GET", path, List.of(), Headers.NONE, null);
  }
}

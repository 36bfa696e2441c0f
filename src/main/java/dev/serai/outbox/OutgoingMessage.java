package dev.serai.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook to be: written in the transaction of the change it tells of.
 *
 * @param connection row id, null if it concerns none
 * @param type {@code sync}, {@code auth}, …
 * @param body any key order; it is stored compact with keys sorted recursively
 * @param urlOverride sent only there instead of the environment's endpoints
 * @param headers sent beside our own, which win
 */
public record OutgoingMessage(
    int environment,
    @Nullable Long connection,
    String type,
    JsonNode body,
    @Nullable String urlOverride,
    Map<String, String> headers) {
  public OutgoingMessage {
    headers = Map.copyOf(headers);
  }

  /** With no headers but our own. */
  public OutgoingMessage(
      int environment,
      @Nullable Long connection,
      String type,
      JsonNode body,
      @Nullable String urlOverride) {
    this(environment, connection, type, body, urlOverride, Map.of());
  }
}

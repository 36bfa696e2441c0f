package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.RefreshFailure;
import java.util.Set;

/** What a caller who asks for credentials is told of their renewal. */
final class RefreshReply {
  private static final String KEY = "refresh_token";

  private RefreshReply() {}

  /**
   * 424 if nothing was tried (too early, or the grant is over), 400 if it was and failed. {@code
   * payload} has the inner code and message, and the connection as it is now, without credentials.
   *
   * @param hidden as {@link ConnectionJson#full} wants it
   */
  static ApiError invalid(RefreshFailure failure, ConnectionDetails now, Set<String> hidden) {
    int status = status(failure);
    String message = String.valueOf(failure.getMessage());
    ObjectNode more = Json.object();
    more.putObject("payload")
        .put("code", failure.code())
        .put("message", message)
        .set("connection", ConnectionJson.full(now, hidden, Json.object(), Stamps::offset));
    return ApiError.of(status, "invalid_credentials", message, more);
  }

  /** As above, where only the status is told. */
  static int status(RefreshFailure failure) {
    return failure.code().equals("refresh_token_external_error") ? 400 : 424;
  }

  /** Takes them out at every depth, also of what the provider answered. */
  static ObjectNode withoutRefreshTokens(ObjectNode credentials) {
    strip(credentials);
    return credentials;
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(KEY);
    }
    node.forEach(RefreshReply::strip);
  }
}

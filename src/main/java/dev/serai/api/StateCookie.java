package dev.serai.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that ties a flow to the browser that began it, one for each flow. No page reads it, so
 * its name is ours to choose: over https it is {@code __Host-oauth2-<state>}, which no other host
 * of the same domain and nobody on an open network can plant (RFC 6265bis §4.1.3); over http, where
 * browsers refuse that prefix, {@code oauth2-<state>}.
 *
 * @param https whether browsers reach us so
 */
record StateCookie(boolean https) {

  /**
   * Comes back with the provider's redirect, which is a top-level GET: Lax cookies do. Over https
   * it is None, as the contract has it, for pages that show all of this in a frame.
   *
   * @param life zero takes it away
   */
  String set(String state, String value, Duration life) {
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; %s"
        .formatted(
            name(state), value, life.toSeconds(), https ? "SameSite=None; Secure" : "SameSite=Lax");
  }

  /** What the browser brought; null: nothing. */
  @Nullable String of(ApiRequest request, String state) {
    String name = name(state);
    for (String line : request.headers().all("Cookie")) {
      for (String pair : line.split(";")) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          return pair.substring(equals + 1).strip();
        }
      }
    }
    return null;
  }

  private String name(String state) {
    return (https ? "__Host-oauth2-" : "oauth2-") + state;
  }
}

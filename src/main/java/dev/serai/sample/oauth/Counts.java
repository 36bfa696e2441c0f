package dev.serai.sample.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What happened at the server; not thread-safe by itself. */
final class Counts {
  enum Event {
    /** A customer said yes. */
    AUTHORIZATIONS,
    /** A code became tokens. */
    EXCHANGES,
    /** Whatever was asked with {@code grant_type=refresh_token} by the client itself. */
    REFRESH_REQUESTS,
    /** A refresh token was spent for its successor. */
    REFRESHES,
    /** A spent refresh token was taken once more within the grace. */
    GRACED,
    INVALID_GRANTS,
    /** A spent code or refresh token came again: its grant is revoked. */
    REUSE_DETECTED,
    /** Grants that ended for whatever reason. */
    REVOKED
  }

  private final Map<Event, Integer> counts = new EnumMap<>(Event.class);

  void count(Event event) {
    counts.merge(event, 1, Integer::sum);
  }

  void clear() {
    counts.clear();
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    for (Event event : Event.values()) {
      json.put(event.name().toLowerCase(Locale.ROOT), counts.getOrDefault(event, 0));
    }
    return json;
  }
}

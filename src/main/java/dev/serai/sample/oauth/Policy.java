package dev.serai.sample.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Duration;

/**
 * How long tokens live; can be changed while the server runs.
 *
 * @param access life of an access token
 * @param grace how long a refresh token is still taken after its first use; zero: not once
 * @param idle life of a refresh token that nobody uses; zero: for ever
 * @param statesExpiry whether the answer says {@code expires_in}; some providers keep it to
 *     themselves
 */
public record Policy(Duration access, Duration grace, Duration idle, boolean statesExpiry) {
  public static final Policy USUAL =
      new Policy(Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO, true);

  public Policy withAccess(Duration changed) {
    return new Policy(changed, grace, idle, statesExpiry);
  }

  public Policy withGrace(Duration changed) {
    return new Policy(access, changed, idle, statesExpiry);
  }

  public Policy withIdle(Duration changed) {
    return new Policy(access, grace, changed, statesExpiry);
  }

  public Policy withStatesExpiry(boolean changed) {
    return new Policy(access, grace, idle, changed);
  }

  /** As the control API shows and takes it; durations as {@code PT10M}. */
  public ObjectNode json() {
    return Json.object()
        .put("access", access.toString())
        .put("grace", grace.toString())
        .put("idle", idle.toString())
        .put("states_expiry", statesExpiry);
  }

  /**
   * This policy with what is given changed.
   *
   * @throws java.time.format.DateTimeParseException if a duration is none
   */
  public Policy changedBy(JsonNode given) {
    return new Policy(
        duration(given, "access", access),
        duration(given, "grace", grace),
        duration(given, "idle", idle),
        given.path("states_expiry").asBoolean(statesExpiry));
  }

  private static Duration duration(JsonNode given, String name, Duration otherwise) {
    return given.hasNonNull(name) ? Duration.parse(given.get(name).asText()) : otherwise;
  }
}

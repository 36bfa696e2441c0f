package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** Looks into and steers a simulator's OAuth server over its control API. Thread-safe. */
public record OAuthSteering(SimulatorControl control) {
  /** Moves the server's clock ahead; it is nobody else's clock. */
  public void advance(Duration by) {
    control.send("POST", "oauth/advance", Json.object().put("by", by.toString()));
  }

  /** What time it is at the server. */
  public Instant now() {
    return Instant.parse(control.send("GET", "oauth", null).path("now").asText());
  }

  /**
   * Changes how tokens live: any of {@code {"access": "PT10M", "grace": "PT0S", "idle": "PT0S",
   * "states_expiry": true}}. Grace and idle time hold for tokens already given out, the life of an
   * access token for those to come.
   */
  public void policy(ObjectNode changes) {
    control.send("POST", "oauth/policy", changes);
  }

  /** How long a spent refresh token is still taken. */
  public void grace(Duration grace) {
    policy(Json.object().put("grace", grace.toString()));
  }

  /** How long access tokens live from now on. */
  public void accessLife(Duration life) {
    policy(Json.object().put("access", life.toString()));
  }

  /** Ends every access token; refresh tokens stay good. */
  public void expireAccess() {
    control.send("POST", "oauth/expire", null);
  }

  /** Ends everything that {@code alice}, {@code bob} or {@code carol} allowed; how much it was. */
  public int revoke(String account) {
    return control
        .send("POST", "oauth/revoke", Json.object().put("account", account))
        .path("revoked")
        .asInt();
  }

  /**
   * A grant without a browser, to be imported.
   *
   * @return {@code {"access_token", "token_type", "expires_in", "refresh_token", "scope",
   *     "account"}}
   */
  public ObjectNode grant(String account) {
    return (ObjectNode) control.send("POST", "oauth/grants", Json.object().put("account", account));
  }

  /**
   * {@code {"authorizations", "exchanges", "refresh_requests", "refreshes", "graced",
   * "invalid_grants", "reuse_detected", "revoked", "live_chains"}}.
   */
  public JsonNode counts() {
    return control.send("GET", "oauth", null).path("counts");
  }

  /** One of {@link #counts}. */
  public int count(String name) {
    return counts().path(name).asInt();
  }

  public void forgetCounts() {
    control.send("DELETE", "oauth/counts", null);
  }

  /** Every token, code, state and verifier that this server ever gave out or was shown. */
  public Set<String> secrets() {
    Set<String> all = new TreeSet<>();
    control
        .send("GET", "oauth/secrets", null)
        .path("secrets")
        .forEach(one -> all.add(one.asText()));
    return all;
  }
}

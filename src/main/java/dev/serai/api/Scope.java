package dev.serai.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** What an endpoint asks a key to be allowed; the names are the contract's. */
public enum Scope {
  INTEGRATIONS_LIST("integrations:list"),
  INTEGRATIONS_READ("integrations:read"),
  INTEGRATIONS_READ_CREDENTIALS("integrations:read_credentials"),
  INTEGRATIONS_CREATE("integrations:create"),
  INTEGRATIONS_UPDATE("integrations:update"),
  INTEGRATIONS_DELETE("integrations:delete"),
  CONNECTIONS_LIST("connections:list"),
  CONNECTIONS_READ("connections:read"),
  CONNECTIONS_READ_CREDENTIALS("connections:read_credentials"),
  CONNECTIONS_CREATE("connections:create"),
  CONNECTIONS_UPDATE("connections:update"),
  CONNECTIONS_DELETE("connections:delete"),
  CONNECT_SESSIONS_WRITE("connect_sessions:write"),
  RECORDS_READ("records:read"),
  RECORDS_WRITE("records:write"),
  SYNCS_READ("syncs:read"),
  SYNCS_EXECUTE("syncs:execute"),
  SYNCS_UPDATE("syncs:update"),
  SYNCS_VARIANT_CREATE("syncs:variant:create"),
  SYNCS_VARIANT_DELETE("syncs:variant:delete"),
  FUNCTIONS_LIST("functions:list"),
  ACTIONS_EXECUTE("actions:execute"),
  PROXY("proxy"),
  VARIABLES_READ("variables:read"),
  /** Ours: where the environment's webhooks go. */
  WEBHOOKS_READ("webhooks:read"),
  WEBHOOKS_UPDATE("webhooks:update"),
  SIGNING_KEY_ROTATE("webhook_signing_key:rotate"),
  /** Ours: what pages with the public key must prove, and where providers send browsers back. */
  SETTINGS_READ("settings:read"),
  SETTINGS_UPDATE("settings:update"),
  /** Ours, of one environment; the contract's are of an account. */
  API_KEYS_LIST("api_keys:list"),
  API_KEYS_CREATE("api_keys:create"),
  API_KEYS_DELETE("api_keys:delete");

  private final String text;

  Scope(String text) {
    this.text = "environment:" + text;
  }

  String text() {
    return text;
  }

  /** True if one of the granted names is this one or a wildcard ({@code a:b:*}) above it. */
  boolean within(Collection<String> granted) {
    return covered(text, granted);
  }

  /** True if the name, or wildcard, gives nothing that the granted ones do not give. */
  static boolean covered(String name, Collection<String> granted) {
    return granted.stream()
        .anyMatch(wider ->
            wider.equals(name)
                || (wider.endsWith(":*")
                    && name.startsWith(wider.substring(0, wider.length() - 1))));
  }

  /** True if there is a scope of this name, or one below this wildcard. */
  static boolean known(String name) {
    return Arrays.stream(values()).anyMatch(scope -> scope.within(List.of(name)));
  }
}

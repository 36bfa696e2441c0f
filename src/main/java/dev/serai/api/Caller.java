package dev.serai.api;

import dev.serai.connection.connect.ConnectSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request. Every look-up of a handler is bound to this environment.
 *
 * @param scopes of the API key; a connect session has none and reaches only the endpoints that are
 *     open to sessions
 * @param session null: it came with an API key
 */
public record Caller(
    int environment,
    String environmentName,
    List<String> scopes,
    @Nullable ConnectSession session) {

  public Caller(int environment, String environmentName, List<String> scopes) {
    this(environment, environmentName, scopes, null);
  }

  static Caller of(ConnectSession session) {
    return new Caller(session.environment(), session.environmentName(), List.of(), session);
  }

  public boolean may(Scope scope) {
    return scope.within(scopes);
  }

  /** Whether it may see this integration. */
  boolean sees(String integration) {
    return session == null || session.allows(integration);
  }

  /** Whose requests are counted together: one session cannot use up what its environment may. */
  String purse() {
    return session == null ? "environment " + environment : "session " + session.id();
  }
}

package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * A connection's token has ended and no other is to be had. Codes: {@code
 * refresh_token_external_error} (it was tried just now), {@code connection_refresh_backoff} (too
 * early to try again), {@code connection_refresh_exhausted} (the grant is over, nothing is tried).
 */
public final class RefreshFailure extends SeraiException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  private RefreshFailure(String code, boolean passing, String message) {
    super(code, passing ? Origin.PROVIDER : Origin.CALLER, message);
    this.passing = passing;
  }

  static RefreshFailure of(Connection connection, RefreshOutcome.Passing why) {
    String code = why.called() ? "refresh_token_external_error" : "connection_refresh_backoff";
    return new RefreshFailure(
        code,
        true,
        "%s: its token has ended and could not be renewed yet (%s); it is tried again by itself"
            .formatted(connection.label(), why.message()));
  }

  static RefreshFailure of(Connection connection, RefreshOutcome.Over why) {
    String code = why.called() ? "refresh_token_external_error" : "connection_refresh_exhausted";
    return new RefreshFailure(code, false, connection.label() + ": " + why.message());
  }

  /** True: it goes away by itself. False: somebody has to reconnect, or mend the integration. */
  public boolean passing() {
    return passing;
  }
}

package dev.serai.connection;

/** How a connection's grant stands. */
public enum GrantState {
  /** It is renewed as need be. */
  LIVE,
  /** A renewal may have happened whose answer is lost; the last access token is used to its end. */
  UNCERTAIN,
  /** Revoked or expired: only a reconnect helps. */
  DEAD,
  /** The integration's app is not accepted: the developer has to mend it. */
  MISCONFIGURED;

  String column() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

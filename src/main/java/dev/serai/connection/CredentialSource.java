package dev.serai.connection;

/**
 * Opens what a connection proves itself with. Only the authorizer inside the outgoing client may
 * call it, as late as possible. Thread-safe.
 */
public interface CredentialSource {
  /**
   * The credentials in force now, read and unsealed on every call: a change by another node counts
   * at once.
   *
   * @throws dev.serai.SeraiException when the connection is gone or its row cannot be unsealed
   */
  Credentials open(long connectionId);
}

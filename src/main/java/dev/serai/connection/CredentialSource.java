package dev.serai.connection;

/**
 * Opens what a connection proves itself with. Only the authorizer inside the outgoing client may
 * call it, as late as possible. Thread-safe.
 */
public interface CredentialSource {
  /**
   * What is in force now, renewed first if it ends soon. Read and unsealed on every call: a change
   * by another node counts at once.
   *
   * @throws dev.serai.SeraiException when the connection is gone, its row cannot be unsealed, or it
   *     needs a renewal that is not to be had
   */
  Grant open(Connection connection);

  /**
   * The provider answered 401 to what {@link #open} gave. Renews unless somebody did meanwhile.
   *
   * @param refused the generation that was refused
   * @return true if what {@link #open} gives now is something else, so that one more attempt makes
   *     sense
   */
  default boolean renewed(Connection connection, long refused) {
    return false;
  }

  /** Asks the provider, by its declared call, what it thinks of credentials. */
  @FunctionalInterface
  interface Trial {
    Verification.Outcome of(Grant grant);
  }

  /**
   * The provider answered 401 to what {@link #open} gave, and {@link #renewed} brought nothing
   * else.
   *
   * @throws RefreshFailure when that, and the trial, is the end of credentials that nothing can
   *     renew
   */
  default void refused(Connection connection, long generation, Trial trial) {}

  /**
   * The provider took what {@link #open} gave. Costs nothing unless that was in doubt: after a
   * refusal, or since {@link #renewed} replaced one that was refused, which then had really ended.
   *
   * @param generation the one that was accepted
   */
  default void accepted(Connection connection, long generation) {}

  /**
   * Renews now, whether there is need or not, if there is a way to.
   *
   * @throws dev.serai.SeraiException when a way there is, and no renewal is to be had
   */
  default Grant forced(Connection connection) {
    return open(connection);
  }
}

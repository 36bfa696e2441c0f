package dev.serai.connection;

import org.jdbi.v3.core.Handle;

/**
 * Told of a connection's life inside the very transaction that changes it, so that its syncs exist
 * if and only if it does. The connection is locked; implementations lock nothing but rows that hang
 * on it, in the order of the package's page.
 */
public interface ConnectionListener {
  void created(Handle transaction, Connection connection);

  /** Its credentials were replaced by somebody who was let in: a reconnect, or another import. */
  default void overridden(Handle transaction, Connection connection) {}

  /** Its grant is over: until it is {@link #resumed}, no work of its own makes sense. */
  default void stopped(Handle transaction, Connection connection) {}

  /** What it was stopped for is mended without new credentials, or it is prepared. */
  default void resumed(Handle transaction, Connection connection) {}

  /**
   * Its provider's {@code created} route has failed several times in a row; told once, and again
   * only after the next success.
   *
   * @param why in plain words, without anything secret
   */
  default void unprepared(Handle transaction, Connection connection, String why) {}

  /** It is prepared after all, after {@link #unprepared}. */
  default void preparedAtLast(Handle transaction, Connection connection) {}

  /** After {@code old} was deleted and {@code fresh} made in its place, for another account. */
  default void replaced(Handle transaction, Connection old, Connection fresh) {}

  void deleted(Handle transaction, Connection connection);
}

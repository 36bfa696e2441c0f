package dev.serai.connection;

/** Where a process may die while it renews; tests die there, everybody else passes. */
@FunctionalInterface
interface RefreshHook {
  RefreshHook NONE = (connection, boundary) -> {};

  /** In order. Every one is behind a commit, or behind the call. */
  enum Boundary {
    LEASED,
    INTENDED,
    SENT,
    STORED,
    READ,
    WRITTEN
  }

  void at(Connection connection, Boundary boundary);
}

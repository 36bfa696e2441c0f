package dev.serai.database;

import java.sql.SQLException;
import java.util.Set;

/** Tells a database that is away for now (wait) from one that says no (give up). */
public final class Outage {
  /** Starting or stopping, out of connections, disk full, out of memory, read-only standby. */
  private static final Set<String> PASSING =
      Set.of("57P01", "57P02", "57P03", "53300", "53100", "53200", "53000", "25006");

  private Outage() {}

  public static boolean isOne(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.startsWith("08") || PASSING.contains(state);
  }
}

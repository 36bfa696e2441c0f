package dev.serai.sync;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells faults of PostgreSQL itself (away, restarting, disk full, a lock or transaction that took
 * too long) from faults of a run: the former are nobody's fault and end no run.
 */
final class DatabaseTrouble {
  private DatabaseTrouble() {}

  static boolean is(Throwable failure) {
    SQLException sql = find(failure);
    if (sql == null) {
      return false;
    }
    String state = sql.getSQLState();
    // No state: a pool or driver that could not even ask. 08 connection, 25P0x timed out, 40
    // deadlock or serialization, 53 no resources (disk full), 55P03 lock, 57 operator, 58 system;
    // 25006: a standby, after a failover that this pool has not noticed.
    return state == null
        || state.startsWith("08")
        || state.startsWith("25P")
        || state.equals("25006")
        || state.startsWith("40")
        || state.startsWith("53")
        || state.equals("55P03")
        || state.startsWith("57")
        || state.startsWith("58")
        || state.startsWith("XX");
  }

  private static @Nullable SQLException find(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}

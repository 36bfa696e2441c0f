package dev.serai.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells faults of PostgreSQL itself (away, restarting, disk full, a lock or transaction that took
 * too long) from faults of a run: the former are nobody's fault and end no run.
 */
public final class DatabaseTrouble {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseTrouble.class);

  private DatabaseTrouble() {}

  public static boolean is(Throwable failure) {
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

  /**
   * True if the transaction itself took longer than it may, or had failed before: trouble, but of
   * the work that was in it, which would take as long the next time.
   */
  public static boolean tooSlow(Throwable failure) {
    SQLException sql = find(failure);
    return sql != null && sql.getSQLState() != null && sql.getSQLState().startsWith("25P");
  }

  /** True if a statement waited for a lock as long as it was allowed to. */
  public static boolean lockTimedOut(Throwable failure) {
    SQLException sql = find(failure);
    return sql != null && "55P03".equals(sql.getSQLState());
  }

  /** Says once that the database is away and once that it is back. Thread-safe. */
  public static final class Told {
    private final String doing;
    private boolean away;

    public Told(String doing) {
      this.doing = doing;
    }

    public synchronized void met(RuntimeException trouble) {
      if (!away) {
        LOG.warn("{}: the database is away, tried again all the time: {}", doing, reason(trouble));
      }
      away = true;
    }

    public synchronized void over() {
      if (away) {
        LOG.info("{}: the database is back", doing);
      }
      away = false;
    }
  }

  /** What PostgreSQL said, in one line; the lines behind it may quote a record. */
  public static String reason(Throwable failure) {
    SQLException sql = find(failure);
    String text = String.valueOf(sql == null ? failure.getMessage() : sql.getMessage());
    return text.lines().findFirst().orElse("no reason given");
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

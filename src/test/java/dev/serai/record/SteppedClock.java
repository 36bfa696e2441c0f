package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock of PostgreSQL that can be stepped: a function of the same name stands before its own on
 * the search path of every session opened from here on.
 */
final class SteppedClock {
  private final Database database;
  private final AtomicLong back = new AtomicLong();

  private SteppedClock(Database database) {
    this.database = database;
  }

  static SteppedClock in(Database database, DatabaseAddress address) {
    String name = address.jdbcUrl().substring(address.jdbcUrl().lastIndexOf('/') + 1);
    for (String statement :
        new String[] {
          "create schema stepped",
          "create table stepped.skew (seconds double precision not null)",
          "insert into stepped.skew values (0)",
          """
          create function stepped.clock_timestamp() returns timestamptz language sql volatile as
          'select pg_catalog.clock_timestamp() + seconds * interval ''1 second'' from stepped.skew'
          """,
          "alter database " + name + " set search_path = stepped, pg_catalog, public"
        }) {
      database.useTransaction(handle -> handle.execute(statement));
    }
    return new SteppedClock(database);
  }

  /** From now on it shows so much more or less than the real time. */
  void set(Duration skew) {
    database.useTransaction(handle -> {
      double before =
          handle
              .createQuery("select seconds from stepped.skew for update")
              .mapTo(Double.class)
              .one();
      handle.execute("update stepped.skew set seconds = ?", (double) skew.toSeconds());
      if (before - skew.toSeconds() >= 3600) {
        back.incrementAndGet();
      }
    });
  }

  /** How often it was stepped back by an hour or more. */
  long hoursBack() {
    return back.get();
  }
}

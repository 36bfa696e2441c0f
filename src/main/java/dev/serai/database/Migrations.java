package dev.serai.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema to what this node expects. Steps only expand until every node is new, so nodes
 * of two neighbouring versions can work together; a node that is older than the schema refuses to
 * start. Safe to run from several nodes at once.
 */
public final class Migrations {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Flyway flyway;

  /** On connections of its own: the pools end transactions that a long migration may need. */
  public Migrations(DatabaseAddress address) {
    this.flyway =
        Flyway.configure()
            .dataSource(address.jdbcUrl(), address.user(), address.password())
            .locations("classpath:db/migration")
            .validateMigrationNaming(true)
            .cleanDisabled(true)
            .load();
  }

  /**
   * Migrates, waiting while the database is away; each wait is told once to {@code away}.
   *
   * @return how many steps were applied
   */
  public int run(Consumer<String> away) {
    while (true) {
      try {
        refuseNewerSchema();
        return flyway.migrate().migrationsExecuted;
      } catch (FlywayException e) {
        SQLException cause = sqlCause(e);
        if (cause == null || !Outage.isOne(cause)) {
          throw new DatabaseException(
              "migration_failed", "The schema cannot be migrated: " + e.getMessage(), e);
        }
        away.accept(String.valueOf(cause.getMessage()));
        pause();
      }
    }
  }

  private void refuseNewerSchema() {
    Arrays.stream(flyway.info().all())
        .filter(step -> step.getState() == MigrationState.FUTURE_SUCCESS)
        .map(MigrationInfo::getVersion)
        .reduce((one, other) -> other)
        .ifPresent(version -> {
          throw new DatabaseException(
              "schema_newer",
              "The database has schema "
                  + version
                  + ", which a newer Serai made: upgrade this node (or restore a backup from before the upgrade)");
        });
  }

  private static @Nullable SQLException sqlCause(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("interrupted", "Interrupted while waiting for the database", e);
    }
  }
}

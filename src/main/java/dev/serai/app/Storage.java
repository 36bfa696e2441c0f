package dev.serai.app;

import dev.serai.database.DataFolder;
import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.database.EmbeddedPostgres;
import dev.serai.database.Migrations;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The migrated database, embedded or external, and the data folder that is ours alone. */
final class Storage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Storage.class);

  private final AutoCloseable server;
  private final DatabaseAddress address;
  private final @Nullable Path disk;
  private @Nullable Database database;

  private Storage(AutoCloseable server, DatabaseAddress address, @Nullable Path disk) {
    this.server = server;
    this.address = address;
    this.disk = disk;
  }

  /** Starts the embedded server, or takes the address of the external one. */
  static Storage open(Settings settings) {
    Path data = settings.folders().data();
    DatabaseAddress external = settings.secrets().database();
    if (external != null) {
      return new Storage(DataFolder.open(data), external, null);
    }
    long started = System.nanoTime();
    EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.durable(data));
    log.info(
        "PostgreSQL ready in {} s (127.0.0.1:{}, {})",
        Elapsed.since(started),
        postgres.port(),
        data);
    return new Storage(postgres, postgres.address(), data);
  }

  /** Migrates and opens the pools; waits while the database is away and says so. */
  Database migrated(Settings.Syncing limits, Readiness readiness) {
    long started = System.nanoTime();
    int steps =
        new Migrations(address)
            .run(why -> {
              readiness.notReady("database", why);
              log.warn("Waiting for the database ({}): {}", address, why);
            });
    log.info(
        "Schema up to date in {} s ({} new {})",
        Elapsed.since(started),
        steps,
        steps == 1 ? "step" : "steps");
    Database opened =
        new Database(
            address,
            new Database.Limits(
                limits.connections(),
                limits.transaction(),
                min(Duration.ofSeconds(10), limits.transaction().dividedBy(2))));
    database = opened;
    boolean unused =
        Patience.with(
            readiness,
            () -> {
              opened.verify();
              return true;
            });
    return opened;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  DatabaseAddress address() {
    return address;
  }

  /** Where the embedded server writes; null when it is somebody else's. */
  @Nullable Path disk() {
    return disk;
  }

  @Override
  public void close() throws Exception {
    if (database != null) {
      database.close();
    }
    server.close();
  }
}

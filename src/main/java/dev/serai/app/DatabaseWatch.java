package dev.serai.app;

import dev.serai.database.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks once a second whether the database answers and can write, on a connection of its own with
 * short timeouts, so that readiness is known even when every pooled connection hangs.
 */
final class DatabaseWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final long LEAST_SPACE = 128L * 1024 * 1024;

  /**
   * Writes and flushes a few bytes of WAL and touches no table: a full disk or a standby says no.
   */
  private static final String PROBE = "select pg_logical_emit_message(false, 'serai', '', true)";

  private final DatabaseAddress address;
  private final @Nullable Path disk;
  private final Readiness readiness;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable Connection connection;
  private boolean away;

  /**
   * @param disk where the embedded database lives; null: somebody else watches its disk
   */
  DatabaseWatch(DatabaseAddress address, @Nullable Path disk, Readiness readiness) {
    this.address = address;
    this.disk = disk;
    this.readiness = readiness;
    this.thread = Thread.ofVirtual().name("database-watch").start(this::watch);
  }

  private void watch() {
    try {
      do {
        look();
      } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private void look() {
    String trouble = trouble();
    if (trouble == null) {
      readiness.clear("database");
      if (away) {
        log.info("The database is back");
      }
    } else {
      readiness.notReady("database", trouble);
      if (!away) {
        log.error("The database cannot be used; trying again every second: {}", trouble);
      }
    }
    away = trouble != null;
  }

  private @Nullable String trouble() {
    try {
      if (disk != null && Files.getFileStore(disk).getUsableSpace() < LEAST_SPACE) {
        return "disk full: less than 128 MB are free in " + disk;
      }
      Connection open = connection == null ? connect() : connection;
      connection = open;
      try (Statement statement = open.createStatement()) {
        statement.setQueryTimeout(3);
        statement.execute(PROBE);
      }
      return null;
    } catch (SQLException | IOException e) {
      disconnect();
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("no answer");
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("loginTimeout", "3");
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("socketTimeout", "5");
    properties.setProperty("ApplicationName", "serai-watch");
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("The broken connection did not close", e);
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

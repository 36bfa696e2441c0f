package dev.serai.support;

import dev.serai.database.DatabaseAddress;
import dev.serai.database.EmbeddedPostgres;
import dev.serai.database.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The one PostgreSQL of this test JVM, with a migrated template that test databases are cloned
 * from.
 */
public final class TestServer {
  private static final Path FOLDER = Path.of("target", "test-database").toAbsolutePath();
  private static final String TEMPLATE = "template_serai";
  private static TestServer shared;

  private final EmbeddedPostgres postgres;
  private final AtomicInteger databases = new AtomicInteger();
  private final Set<DatabaseAddress> open = ConcurrentHashMap.newKeySet();

  private TestServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Where the server programs are unpacked once for all tests. */
  public static Path binaries() {
    return FOLDER.resolve("server");
  }

  public static synchronized TestServer shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static TestServer start() {
    Path data = FOLDER.resolve("data-" + ProcessHandle.current().pid());
    forget(data);
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(new EmbeddedPostgres.Options(data, binaries(), false));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              postgres.close();
              forget(data);
            }));
    TestServer server = new TestServer(postgres);
    server.execute("create database " + TEMPLATE);
    new Migrations(postgres.address(TEMPLATE)).run(reason -> {});
    return server;
  }

  /** A migrated, empty database of its own. */
  public DatabaseAddress freshDatabase() {
    String name = "test_" + databases.incrementAndGet();
    execute("create database " + name + " template " + TEMPLATE);
    return opened(name);
  }

  /** An empty database without a schema, for those who migrate by themselves. */
  public DatabaseAddress emptyDatabase() {
    String name = "test_" + databases.incrementAndGet();
    execute("create database " + name);
    return opened(name);
  }

  private DatabaseAddress opened(String name) {
    DatabaseAddress address = postgres.address(name);
    open.add(address);
    return address;
  }

  /** Searches the databases that a class has not dropped. */
  static synchronized void lookThroughTheRest() {
    if (shared != null) {
      shared.open.forEach(Leaks::look);
      shared.open.clear();
    }
  }

  public void drop(DatabaseAddress address) {
    open.remove(address);
    Leaks.look(address);
    String name = address.jdbcUrl().substring(address.jdbcUrl().lastIndexOf('/') + 1);
    execute("drop database " + name + " with (force)");
  }

  private void execute(String sql) {
    DatabaseAddress admin = postgres.address("postgres");
    try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void forget(Path data) {
    if (!Files.exists(data)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(data)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

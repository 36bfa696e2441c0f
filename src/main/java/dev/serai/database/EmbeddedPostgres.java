package dev.serai.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own under the data folder. It listens on loopback only, keeps every commit
 * through a crash of anything, and never outlives this JVM: the kernel stops it when we are killed,
 * and a left-over is stopped at the next start. A server that dies while we run is started again.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String USER = "serai";
  private static final String DATABASE = "serai";
  private static final int TOLERATED_DEATHS = 6;

  private final DataFolder folder;
  private final ServerSupervisor supervisor;
  private final String password;
  private final int port;

  /**
   * @param data the folder that is Serai's alone
   * @param binaries where the programs are unpacked once; may be shared
   * @param durable false only in tests: much faster, loses everything when the machine stops
   */
  public record Options(Path data, Path binaries, boolean durable) {
    public static Options durable(Path data) {
      Path absolute = data.toAbsolutePath().normalize();
      return new Options(absolute, absolute.resolve("server"), true);
    }
  }

  private EmbeddedPostgres(
      DataFolder folder, ServerSupervisor supervisor, String password, int port) {
    this.folder = folder;
    this.supervisor = supervisor;
    this.password = password;
    this.port = port;
  }

  /** Starts the server, making the cluster first if there is none; returns when it answers. */
  public static EmbeddedPostgres start(Options options) {
    Launch.check();
    DataFolder folder = DataFolder.open(options.data());
    try {
      ServerBinaries binaries = ServerBinaries.unpackInto(options.binaries());
      String password = folder.password();
      String major = binaries.majorVersion();
      if (Files.exists(folder.cluster())) {
        refuseOtherVersion(folder.cluster(), major);
        Postmaster.stopLeftOver(folder.cluster());
      } else {
        makeCluster(folder, binaries, options.durable());
      }
      int port = folder.port();
      List<String> command = new ArrayList<>(Launch.tied(binaries.program("postgres")));
      command.addAll(ServerOptions.of(folder.cluster(), port, folder.logs(), options.durable()));
      ServerSupervisor supervisor =
          new ServerSupervisor(command, folder.resolve("database.start.log"));
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder, supervisor, password, port);
      postgres.awaitReady();
      return postgres;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * The database of a Serai that runs on this data folder; empty if none does. For commands beside
   * it: they take nothing and stop nothing.
   */
  public static Optional<DatabaseAddress> running(Path data) {
    return DataFolder.beside(data)
        .map(beside ->
            new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + beside.port() + "/" + DATABASE,
                USER,
                beside.password()));
  }

  /** Where the application's database is. */
  public DatabaseAddress address() {
    return address(DATABASE);
  }

  /** Another database of the same server (tests clone theirs). */
  public DatabaseAddress address(String database) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, password);
  }

  public int port() {
    return port;
  }

  private static void refuseOtherVersion(Path cluster, String ours) {
    String theirs = read(cluster.resolve("PG_VERSION"));
    if (!theirs.equals(ours)) {
      throw new DatabaseException(
          "postgres_version",
          "%s was made by PostgreSQL %s, this Serai brings %s. Start the older Serai, run pg_dump -Fc, move %s away, start this one, run pg_restore (docs/backup.md)"
              .formatted(cluster, theirs, ours, cluster));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** initdb works beside the final name, so that a cluster under that name is complete. */
  private static void makeCluster(DataFolder folder, ServerBinaries binaries, boolean durable) {
    Path unfinished = folder.resolve("database.new");
    try {
      ServerBinaries.deleteTree(unfinished);
      List<String> command = new ArrayList<>(Launch.once(binaries.program("initdb")));
      command.addAll(List.of("-D", unfinished.toString(), "-U", USER));
      command.addAll(List.of("--auth=scram-sha-256", "--pwfile=" + folder.passwordFile()));
      command.addAll(List.of("--encoding=UTF8", "--no-locale"));
      command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
      command.add("--data-checksums");
      if (!durable) {
        command.add("--no-sync");
      }
      Path output = folder.resolve("database.initdb.log");
      Process process =
          Child.process(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new DatabaseException("postgres_initdb", "initdb failed: " + read(output));
      }
      Files.move(unfinished, folder.cluster());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a database in " + unfinished, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("postgres_initdb", "Interrupted while making the database", e);
    }
  }

  /** Waits as long as the server lives: recovery after a crash may take its time. */
  private void awaitReady() {
    long started = System.nanoTime();
    long nextWord = Duration.ofSeconds(10).toNanos();
    while (!answers()) {
      if (supervisor.deaths() >= TOLERATED_DEATHS) {
        String words = supervisor.lastWords();
        supervisor.close();
        throw new DatabaseException("postgres_start", "PostgreSQL does not start: " + words);
      }
      if (System.nanoTime() - started > nextWord) {
        log.info("Still waiting for PostgreSQL (recovering after a crash can take minutes)");
        nextWord += Duration.ofSeconds(10).toNanos();
      }
      pause();
    }
  }

  private boolean answers() {
    DatabaseAddress any = address("postgres");
    try (Connection connection =
            DriverManager.getConnection(any.jdbcUrl(), any.user(), any.password());
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return true;
        }
      }
      statement.execute("create database " + DATABASE);
      return true;
    } catch (SQLException e) {
      if ("28P01".equals(e.getSQLState())) {
        supervisor.close();
        throw new DatabaseException(
            "postgres_password",
            "The password in "
                + folder.passwordFile()
                + " is not the database's: restore that file",
            e);
      }
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("postgres_start", "Interrupted while PostgreSQL starts", e);
    }
  }

  /** Fast shutdown: within five seconds, nothing committed is lost. */
  @Override
  public void close() {
    supervisor.close();
    folder.close();
  }
}

package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.support.TestServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {
  @TempDir Path temp;
  private EmbeddedPostgres.Options options;

  @BeforeEach
  void options() {
    options = new EmbeddedPostgres.Options(temp.resolve("data"), TestServer.binaries(), true);
  }

  @Test
  void it_keeps_commits_checks_pages_listens_on_loopback_and_asks_for_a_password()
      throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      assertThat(show(postgres, "fsync")).isEqualTo("on");
      assertThat(show(postgres, "synchronous_commit")).isEqualTo("on");
      assertThat(show(postgres, "data_checksums")).isEqualTo("on");
      assertThat(show(postgres, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(show(postgres, "unix_socket_directories")).isEmpty();
      assertThat(show(postgres, "server_encoding")).isEqualTo("UTF8");
      assertThat(Files.getPosixFilePermissions(options.data().resolve("database.password")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThatThrownBy(
              () -> DriverManager.getConnection(postgres.address().jdbcUrl(), "serai", "wrong"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }
  }

  @Test
  void a_second_start_finds_the_same_port_and_the_same_rows() throws Exception {
    int port;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      port = postgres.port();
      execute(postgres, "create table kept (id int)");
    }

    long started = System.nanoTime();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
      assertThat(postgres.port()).isEqualTo(port);
      execute(postgres, "insert into kept values (1)");
    }
  }

  @Test
  void a_killed_jvm_takes_its_server_along_and_the_next_start_finds_every_commit()
      throws Exception {
    Process jvm = holder();
    long server = postmasterPid();
    try (Connection connection = connect(port())) {
      connection.createStatement().execute("create table kept as select 7 as id");
    }

    jvm.destroyForcibly().waitFor();

    await().atMost(Duration.ofSeconds(15)).until(() -> ProcessHandle.of(server).isEmpty());
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      assertThat(number(postgres, "select id from kept")).isEqualTo(7);
    }
  }

  @Test
  void a_killed_server_is_started_again_with_every_commit() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      execute(postgres, "create table kept as select 7 as id");
      long first = postmasterPid();

      ProcessHandle.of(first).orElseThrow().destroyForcibly();

      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(() -> postmasterPid() != first && number(postgres, "select id from kept") == 7);
    }
  }

  @Test
  void a_left_over_server_of_this_folder_is_stopped_and_replaced() throws Exception {
    int port;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      port = postgres.port();
      execute(postgres, "create table kept as select 7 as id");
    }
    Process leftOver = untied(port);
    await().atMost(Duration.ofSeconds(20)).until(() -> answers(port));

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      assertThat(leftOver.isAlive()).isFalse();
      assertThat(number(postgres, "select id from kept")).isEqualTo(7);
    } finally {
      leftOver.destroyForcibly();
    }
  }

  @Test
  void a_stale_pid_that_now_belongs_to_another_program_is_left_alone() throws Exception {
    EmbeddedPostgres.start(options).close();
    Files.writeString(
        cluster().resolve("postmaster.pid"),
        ProcessHandle.current().pid() + "\n" + cluster() + "\n1\n1\n\n\n\n");

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
      assertThat(number(postgres, "select 1")).isEqualTo(1);
    }
  }

  @Test
  void a_folder_of_another_major_version_is_refused_with_the_remedy() throws Exception {
    EmbeddedPostgres.start(options).close();
    Files.writeString(cluster().resolve("PG_VERSION"), "17\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(options))
        .isInstanceOfSatisfying(
            DatabaseException.class, e -> assertThat(e.code()).isEqualTo("postgres_version"))
        .hasMessageContaining("PostgreSQL 17")
        .hasMessageContaining("pg_restore");
  }

  @Test
  void a_folder_that_is_in_use_is_refused() {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(options)) {
      assertThat(first.port()).isPositive();
      assertThatThrownBy(() -> EmbeddedPostgres.start(options))
          .isInstanceOfSatisfying(
              DatabaseException.class, e -> assertThat(e.code()).isEqualTo("data_in_use"));
    }
  }

  private Path cluster() {
    return options.data().resolve("database");
  }

  private Process holder() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerHolder.class.getName(),
                options.data().toString(),
                options.binaries().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
    assertThat(lines.readLine()).startsWith("ready ");
    return process;
  }

  private int port() throws Exception {
    return Integer.parseInt(Files.readString(options.data().resolve("database.port")).strip());
  }

  /** The server as a killed JVM may leave it: running, and tied to nobody. */
  private Process untied(int port) throws Exception {
    List<String> command =
        new ArrayList<>(
            Launch.once(ServerBinaries.unpackInto(options.binaries()).program("postgres")));
    command.addAll(ServerOptions.of(cluster(), port, options.data().resolve("logs"), true));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private boolean answers(int port) {
    try (Connection connection = connect(port)) {
      return connection.isValid(2);
    } catch (Exception e) {
      return false;
    }
  }

  private long postmasterPid() throws Exception {
    return Long.parseLong(Files.readAllLines(cluster().resolve("postmaster.pid")).get(0).strip());
  }

  private Connection connect(int port) throws Exception {
    String password = Files.readString(options.data().resolve("database.password")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/serai", "serai", password);
  }

  private void execute(EmbeddedPostgres postgres, String sql) throws Exception {
    try (Connection connection = connect(postgres.port())) {
      connection.createStatement().execute(sql);
    }
  }

  private int number(EmbeddedPostgres postgres, String sql) throws Exception {
    return Integer.parseInt(text(postgres, sql));
  }

  private String show(EmbeddedPostgres postgres, String setting) throws Exception {
    return text(postgres, "show " + setting);
  }

  private String text(EmbeddedPostgres postgres, String sql) throws Exception {
    try (Connection connection = connect(postgres.port());
        var row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}

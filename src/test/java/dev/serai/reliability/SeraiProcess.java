package dev.serai.reliability;

import static org.awaitility.Awaitility.await;

import dev.serai.database.DatabaseAddress;
import dev.serai.support.Leaks;
import dev.serai.support.Marked;
import dev.serai.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Serai in a process of its own, to be killed, stopped and started again with the same settings,
 * ports and data. Closing it leaves no process behind.
 */
final class SeraiProcess implements AutoCloseable {
  static final String DEV_KEY = Marked.DEV_KEY;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> javaOptions =
      new ArrayList<>(
          List.of(
              "-Xmx512m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Dcamel.threads.virtual.enabled=true",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow"));
  private Process process;

  /**
   * @param folder its own: data and log go there
   */
  SeraiProcess(Path folder) {
    this.folder = folder;
    with("SERAI_DATA", folder.resolve("data").toString());
    with("SERAI_PORT", freePort());
    with("SERAI_MANAGEMENT_PORT", freePort());
    with("SERAI_SAMPLE", "false");
    with("SERAI_SECRET_KEY_DEV", DEV_KEY);
  }

  SeraiProcess with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** With somebody else's PostgreSQL, as the nodes of a cluster share one. */
  SeraiProcess with(DatabaseAddress address) {
    with(
        "SERAI_DATABASE_URL",
        "%s?user=%s&password=%s".formatted(address.jdbcUrl(), address.user(), address.password()));
    return with("SERAI_ENCRYPTION_KEY", Marked.MASTER_KEY);
  }

  SeraiProcess withJava(String option) {
    javaOptions.add(option);
    return this;
  }

  /** Starts it and waits until it is ready. */
  SeraiProcess start() {
    launch();
    awaitReady();
    return this;
  }

  void launch() {
    try {
      Files.createDirectories(folder.resolve("data"));
      shareServerPrograms();
      process =
          command("run").redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts another command with the same settings; its output is the caller's to read. */
  Process beside(String... words) {
    try {
      return command(words).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.add("-Dserai.home=" + Path.of("").toAbsolutePath());
    command.addAll(List.of("-cp", classPath(), "dev.serai.app.Cli"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
    builder.environment().putAll(environment);
    return builder;
  }

  /** Unpacked once for all tests; 60 MB each otherwise. */
  private void shareServerPrograms() throws IOException {
    Path programs = folder.resolve("data/server");
    if (!Files.exists(programs)) {
      Files.createSymbolicLink(programs, Files.createDirectories(TestServer.binaries()));
    }
  }

  /** The program's own classes; nothing of the tests. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(":"));
  }

  void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .failFast("it ended at its start", this::expectAlive)
        .until(() -> ready() == 200);
  }

  private void expectAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("it ended at its start:\n" + tail());
    }
  }

  /** The status of {@code /ready}; 0: no answer. */
  int ready() {
    return probe("/ready").map(HttpResponse::statusCode).orElse(0);
  }

  /** What {@code /ready} says, at the port that answers from the first second to the last. */
  String readiness() {
    return probe("/ready").map(HttpResponse::body).orElse("");
  }

  private java.util.Optional<HttpResponse<String>> probe(String path) {
    URI uri = URI.create("http://127.0.0.1:" + environment.get("SERAI_MANAGEMENT_PORT") + path);
    try {
      return java.util.Optional.of(
          HTTP.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build(),
              HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return java.util.Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return java.util.Optional.empty();
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + environment.get("SERAI_PORT"));
  }

  SeraiApi api() {
    return new SeraiApi(uri(), DEV_KEY);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  void send(Signal signal) {
    signal.send(process.pid());
  }

  /** {@code kill -9}, and waits until it is gone. */
  void kill() {
    send(Signal.KILL);
    awaitExit(Duration.ofSeconds(10));
  }

  /** Waits for its end and answers the exit code. */
  int awaitExit(Duration most) {
    try {
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("it does not end:\n" + tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The process id of its own PostgreSQL, if one runs. */
  java.util.OptionalLong postgres() {
    Path file = folder.resolve("data/database/postmaster.pid");
    try {
      long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
      boolean ours =
          ProcessHandle.of(pid)
              .flatMap(handle -> handle.info().commandLine())
              .filter(line -> line.contains(folder.toString()))
              .isPresent();
      return ours ? java.util.OptionalLong.of(pid) : java.util.OptionalLong.empty();
    } catch (IOException | RuntimeException e) {
      return java.util.OptionalLong.empty(); // not there, or just being written
    }
  }

  /** Its own PostgreSQL, seen from outside. */
  DatabaseAddress database() {
    try {
      String port = Files.readString(folder.resolve("data/database.port")).strip();
      return new DatabaseAddress(
          "jdbc:postgresql://127.0.0.1:" + port + "/serai",
          "serai",
          Files.readString(folder.resolve("data/database.password")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path log() {
    return folder.resolve("serai.log");
  }

  String logText() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String tail() {
    String text = logText();
    return text.substring(Math.max(0, text.length() - 6_000));
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Leaks.look("what " + folder.getFileName() + " printed", logText());
    for (String path : List.of("/metrics", "/ready", "/health")) {
      probe(path).ifPresent(answer -> Leaks.look(path, answer.body()));
    }
    if (postgres().isPresent()) {
      Leaks.look(database());
    }
    if (process != null && process.isAlive()) {
      send(Signal.CONT);
      send(Signal.TERM);
      try {
        if (!process.waitFor(12, TimeUnit.SECONDS)) {
          send(Signal.KILL);
        }
      } catch (InterruptedException e) {
        send(Signal.KILL);
        Thread.currentThread().interrupt();
      }
    }
    // The kernel stops its PostgreSQL with it; a test must not leave one behind if it does not.
    await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> postgres().isEmpty());
    try {
      Files.deleteIfExists(folder.resolve("data/server"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

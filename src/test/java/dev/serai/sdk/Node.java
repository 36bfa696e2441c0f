package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Node, run in a folder; what it prints is read while it runs. */
final class Node implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Process process;
  private final Path output;

  private Node(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Node start(Path folder, String module, Map<String, String> environment) {
    return start(folder, List.of("node", module), environment);
  }

  static Node start(Path folder, List<String> command, Map<String, String> environment) {
    try {
      Path output = Files.createTempFile(folder, command.getFirst(), ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new Node(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a line with this text is printed; answers everything printed so far. */
  String awaits(String text) {
    await(text)
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(20))
        .failFast(() -> ended(text))
        .until(() -> printed().contains(text));
    return printed();
  }

  private void ended(String awaited) {
    boolean over = !process.isAlive();
    if (over && !printed().contains(awaited)) {
      throw new AssertionError("It ended without \"" + awaited + "\":\n" + printed());
    }
  }

  /** Waits for the end; answers everything that was printed. */
  String succeeds(int seconds) throws InterruptedException {
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    assertThat(ended).as("ended in %d s:%n%s", seconds, printed()).isTrue();
    assertThat(process.exitValue()).as(printed()).isZero();
    return printed();
  }

  private String printed() {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean works(String command) {
    try {
      Process tried =
          new ProcessBuilder(command, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return tried.waitFor(30, TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The program that is named, else the first of these on the PATH. */
  static Optional<Path> find(Optional<String> named, String... programs) {
    return named
        .map(Path::of)
        .or(() ->
            Stream.of(programs)
                .flatMap(program ->
                    Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, program)))
                .filter(Files::isExecutable)
                .findFirst());
  }

  /**
   * Installs packages from their registry, unless they are there.
   *
   * @param packages {@code name@version}
   */
  static void install(Path folder, String... packages) throws Exception {
    Files.createDirectories(folder);
    Path installed = folder.resolve(".installed");
    List<String> wanted = new ArrayList<>();
    for (String each : packages) {
      if (!Files.exists(installed) || !Files.readAllLines(installed).contains(each)) {
        wanted.add(each);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    Path description = folder.resolve("package.json");
    if (!Files.exists(description)) {
      Files.writeString(description, "{\"private\":true}");
    }
    List<String> command =
        new ArrayList<>(List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"));
    command.addAll(wanted);
    try (Node npm = start(folder, command, Map.of())) {
      npm.succeeds(300);
    }
    Files.write(installed, wanted, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

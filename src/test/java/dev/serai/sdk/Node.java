package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

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

  private static Node start(Path folder, List<String> command, Map<String, String> environment) {
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

  /** Installs a package from its registry, unless it is there. */
  static void install(Path folder, String name, String version) throws Exception {
    Files.createDirectories(folder);
    if (Files.exists(folder.resolve("node_modules").resolve(name))) {
      return;
    }
    Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
    List<String> command =
        List.of(
            "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", name + "@" + version);
    try (Node npm = start(folder, command, Map.of())) {
      npm.succeeds(300);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

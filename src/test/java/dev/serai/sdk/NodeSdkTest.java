package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serai.app.Serai;
import dev.serai.sample.Simulator;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published SDK, as it is, against a whole Serai: {@code mvn -B verify -Psdk}. It is installed
 * from its registry into target/ and only called.
 */
@Tag("sdk")
@Timeout(400)
class NodeSdkTest {
  private static final String SDK = "@nangohq/node@0.71.10";
  private static final Path FOLDER = Path.of("target/sdk").toAbsolutePath();

  @TempDir Path data;

  @Test
  void the_published_sdk_fits_without_a_change() throws Exception {
    assumeTrue(works("npm", "--version"), "npm is not installed: the SDK cannot be tried");
    assumeTrue(works("node", "--version"), "node is not installed: the SDK cannot be tried");
    install();
    String backend = freePort();
    try (Simulator helpdesk = Simulator.start(Simulator.Options.TESTS);
        Serai serai = new Serai(settings(helpdesk, backend).read(Path.of("").toAbsolutePath()))) {
      serai.start();

      Map<String, String> environment =
          Map.of(
              "SERAI_URL",
              "http://127.0.0.1:" + port,
              "SERAI_KEY",
              TestSettings.DEV_KEY,
              "HELPDESK_URL",
              helpdesk.uri().toString(),
              "HELPDESK_KEY",
              "sample-key",
              "WEBHOOK_PORT",
              backend);

      assertThat(run(environment, 300, "node", "drive.mjs")).isZero();
    }
  }

  private String port = freePort();

  private TestSettings settings(Simulator helpdesk, String backend) {
    return new TestSettings(data)
        .with(TestServer.shared().emptyDatabase())
        .with("SERAI_PORT", port)
        .with("SERAI_WEBHOOK_URL", "http://127.0.0.1:" + backend + "/hooks")
        .with(
            "SERAI_OUTGOING_ALLOW",
            "127.0.0.1:" + helpdesk.uri().getPort() + ",127.0.0.1:" + backend);
  }

  private static void install() throws Exception {
    Files.createDirectories(FOLDER);
    Files.copy(
        Path.of("src/test/sdk/drive.mjs"),
        FOLDER.resolve("drive.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
    if (!Files.exists(FOLDER.resolve("node_modules/@nangohq/node"))) {
      Files.writeString(FOLDER.resolve("package.json"), "{\"private\":true}");
      assertThat(
              run(
                  Map.of(),
                  300,
                  "npm",
                  "install",
                  "--ignore-scripts",
                  "--no-audit",
                  "--no-fund",
                  SDK))
          .as("npm install " + SDK)
          .isZero();
    }
  }

  private static boolean works(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int run(Map<String, String> environment, int seconds, String... command)
      throws Exception {
    Path output = FOLDER.resolve(command[0] + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      System.out.print(Files.readString(output));
      return ended ? process.exitValue() : -1;
    } finally {
      process.destroyForcibly();
    }
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package dev.serai.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What the launcher runs once after a build: a start and a stop on a throw-away folder and free
 * ports, so that the JVM can archive the classes that every later start needs.
 */
@Command(name = "prepare", hidden = true, description = "Start once, to make later starts faster.")
public final class PrepareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "thrown away afterwards")
  private Path folder;

  PrepareCommand() {}

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    Path data = Files.createTempDirectory(Files.createDirectories(folder), "prepare-");
    try (Serai serai = new Serai(settings(data))) {
      serai.start();
    } finally {
      delete(data);
    }
    return 0;
  }

  private static Settings settings(Path data) throws IOException {
    return Settings.read(
        Cli.home(),
        Map.of(
            "SERAI_DATA",
            data.toAbsolutePath().toString(),
            "SERAI_BIND",
            "127.0.0.1",
            "SERAI_PORT",
            freePort(),
            "SERAI_MANAGEMENT_PORT",
            freePort(),
            "SERAI_SAMPLE",
            "false",
            "SERAI_DATABASE_URL",
            ""));
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

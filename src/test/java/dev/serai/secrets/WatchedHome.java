package dev.serai.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A home of Serai's own routes in which every exchange is written down at each of its steps. What
 * is configured counts only for routes that are loaded after it, so it is loaded before all of
 * them.
 */
final class WatchedHome {
  private WatchedHome() {}

  /** Made in this folder, which may have a folder of providers already. */
  static Path in(Path folder) throws IOException {
    copy(Path.of("routes"), Files.createDirectories(folder.resolve("routes")));
    copy(Path.of("routes/sql"), Files.createDirectories(folder.resolve("routes/sql")));
    Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
    Files.writeString(
        folder.resolve("routes/a-watch.camel.yaml"),
        """
        - routeConfiguration:
            intercept:
              - intercept:
                  steps:
                    - to: {uri: "log:exchanges?showAll=true&maxChars=1000000"}
        """);
    return folder;
  }

  /** The providers that Serai comes with, for a home that has others. */
  static String providers() {
    return Path.of("providers").toAbsolutePath().toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}

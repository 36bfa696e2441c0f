package dev.serai.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where route files are: platform folders are flat, a provider has a folder for each kind. */
final class RouteFiles {
  private static final String SUFFIX = ".camel.yaml";

  private RouteFiles() {}

  static List<Path> platform(List<Path> folders) {
    return folders.stream().flatMap(folder -> children(folder, RouteFiles::isRoute)).toList();
  }

  /** Provider folders, ordered by name within each root; whoever comes first owns the name. */
  static List<Path> providers(List<Path> roots) {
    return roots.stream()
        .flatMap(root -> children(root, child -> Files.exists(child.resolve("provider.yaml"))))
        .toList();
  }

  static List<Path> of(Path provider) {
    return Stream.of("syncs", "actions", "webhooks", "connection")
        .map(provider::resolve)
        .filter(Files::isDirectory)
        .flatMap(folder -> children(folder, RouteFiles::isRoute))
        .toList();
  }

  private static boolean isRoute(Path file) {
    return file.getFileName().toString().endsWith(SUFFIX);
  }

  private static Stream<Path> children(Path folder, java.util.function.Predicate<Path> wanted) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(wanted).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }
}

package dev.serai.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads model files, {@code <Name>.json} each, from the jar or from a provider's folder. */
final class SchemaFiles {
  private static final String FOLDER = "/models";
  private static final String ENDING = ".json";

  private SchemaFiles() {}

  /** Text by model name, from the folder and those below it. */
  static Map<String, String> in(Path folder) {
    return in(folder, Integer.MAX_VALUE);
  }

  private static Map<String, String> in(Path folder, int depth) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    Map<String, String> schemas = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder, depth)) {
      for (Path file : files.filter(file -> file.toString().endsWith(ENDING)).toList()) {
        String name = String.valueOf(file.getFileName());
        schemas.put(name.substring(0, name.length() - ENDING.length()), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the models in " + folder, e);
    }
    return schemas;
  }

  /** The unified models and the inputs of actions, which stand in a folder below. */
  static Map<String, String> unified() {
    return shipped(Integer.MAX_VALUE);
  }

  /** The unified models alone. */
  static Map<String, String> unifiedModels() {
    return shipped(1);
  }

  private static Map<String, String> shipped(int depth) {
    URL folder = Models.class.getResource(FOLDER);
    if (folder == null) {
      throw new IllegalStateException("the jar has no folder " + FOLDER);
    }
    try {
      URI uri = folder.toURI();
      if (!"jar".equals(uri.getScheme())) {
        return in(Path.of(uri), depth);
      }
      try (FileSystem jar = FileSystems.newFileSystem(Path.of(jar(uri)))) {
        return in(jar.getPath(FOLDER), depth);
      }
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException("cannot read the models in " + folder, e);
    }
  }

  private static URI jar(URI inside) {
    String text = inside.getSchemeSpecificPart();
    return URI.create(text.substring(0, text.indexOf("!/")));
  }
}

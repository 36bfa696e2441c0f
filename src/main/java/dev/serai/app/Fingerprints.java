package dev.serai.app;

import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A short text per provider that changes when its facts, mappings, schemas or routes change: then
 * the next read is a full one, so that every record is mapped anew. Thread-safe.
 */
final class Fingerprints implements Function<String, String> {
  private static final List<String> FOLDERS = List.of("mappings", "schemas", "syncs");

  private final Catalogue catalogue;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  Fingerprints(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  @Override
  public String apply(String provider) {
    return known.computeIfAbsent(
        provider, name -> catalogue.find(name).map(Provider::folder).map(this::of).orElse("none"));
  }

  private String of(Path folder) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(folder.resolve("provider.yaml")));
      for (String child : FOLDERS) {
        for (Path file : files(folder.resolve(child))) {
          digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
          digest.update(Files.readAllBytes(file));
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}

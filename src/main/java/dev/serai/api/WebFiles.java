package dev.serai.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files a browser may have, read once: a fixed map from name to bytes, so that no name in a
 * request is ever a path. Immutable.
 */
final class WebFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8");

  private final Map<String, byte[]> files = new TreeMap<>();
  private final String version;

  /**
   * @param resources under {@code /web/}; known by what stands after the last slash
   */
  WebFiles(Collection<String> resources) {
    resources.forEach(
        path -> files.put(path.substring(path.lastIndexOf('/') + 1), read("/web/" + path)));
    MessageDigest digest = sha256();
    files.values().forEach(digest::update);
    version = HexFormat.of().formatHex(digest.digest(), 0, 10);
  }

  /** Another one whenever any byte of any file is. */
  String version() {
    return version;
  }

  Optional<byte[]> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  static String type(String name) {
    return TYPES.getOrDefault(
        name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
  }

  private static byte[] read(String resource) {
    try (InputStream in = WebFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program has no " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

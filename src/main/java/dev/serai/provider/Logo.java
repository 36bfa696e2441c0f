package dev.serai.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A provider's picture, an SVG: {@code logo.svg} of its folder, or else the first letters of its
 * name on a plain ground. Nothing of another company's is built in.
 */
public final class Logo {
  /** A larger file is not shown: pages load many of them. */
  public static final int MOST_BYTES = 64 * 1024;

  static final String FILE = "logo.svg";
  private static final String MONOGRAM =
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64" role="img">\
      <title>%s</title>\
      <rect width="64" height="64" rx="14" fill="#46525f"/>\
      <text x="32" y="33" fill="#fff" font-family="system-ui, sans-serif" font-size="%d"\
       font-weight="600" text-anchor="middle" dominant-baseline="central">%s</text></svg>
      """;

  private Logo() {}

  /** Never fails: a file that is too large or cannot be read counts as none. */
  public static byte[] of(Provider provider) {
    Path file = provider.folder().resolve(FILE);
    if (Files.isRegularFile(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length <= MOST_BYTES) {
          return bytes;
        }
      } catch (IOException e) {
        // The folder is just being replaced.
      }
    }
    return monogram(provider.displayName()).getBytes(StandardCharsets.UTF_8);
  }

  static boolean fits(Path file) {
    try {
      return Files.size(file) <= MOST_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  static String monogram(String displayName) {
    StringBuilder letters = new StringBuilder();
    int count = 0;
    for (String word : displayName.split("[^\\p{L}\\p{N}]+")) {
      if (!word.isEmpty() && count < 2) {
        letters.appendCodePoint(Character.toUpperCase(word.codePointAt(0)));
        count++;
      }
    }
    return MONOGRAM.formatted(
        escaped(displayName), count > 1 ? 26 : 32, letters.isEmpty() ? "?" : letters);
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cntrl}\\x{FFFE}\\x{FFFF}]", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}

package dev.serai.support;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The secrets that tests give to Serai, by what they have in common. Whoever makes one up for a
 * test begins it with {@link #MARK}: it is then known wherever it is met, in any spelling.
 */
public final class Marked {
  /** Letters only: the same in URLs, JSON, XML and headers. */
  public static final String MARK = "hushhush";

  /** The master key of databases in tests; its bytes begin with the mark. */
  public static final String MASTER_KEY = base64("hushhush master key of all tests");

  /** The API key, and so the webhook signing key, of the environment dev. */
  public static final String DEV_KEY = "2f1d9a5c-8f5b-4c6e-9a38-5a4ad0a3f0a1";

  /** What desks of tests take for right; plain and as bytes, since every row is searched for it. */
  private static final List<String> KNOWN =
      List.of(
          "sample-key",
          "right-key",
          "right-pass",
          "right-secret",
          "right-tsecret",
          "right-osecret",
          "cs-of-the-app",
          "sts-session");

  private static final String ANY =
      Stream.concat(
              Stream.concat(
                  Stream.of(MARK, DEV_KEY, "sample-client-secret")
                      .flatMap(Marked::spellings)
                      .map(text -> text.replace("+", "[+]")),
                  KNOWN.stream().flatMap(text -> Stream.of(text, hex(text)))),
              // What Serai draws itself, and what is a secret wherever it stands.
              Stream.of("nango_connect_session_[0-9a-f]{64}", "-----BEGIN [A-Z ]*PRIVATE KEY-----"))
          .collect(Collectors.joining("|"));

  private static final Pattern PATTERN = Pattern.compile(ANY);

  private Marked() {}

  /** A secret for a test. */
  public static String secret(String name) {
    return MARK + "-" + name;
  }

  /** As a regular expression that PostgreSQL understands too. */
  static String any() {
    return ANY;
  }

  /** The first secret in this text, with what stands around it. */
  public static Optional<String> in(String text) {
    Matcher found = PATTERN.matcher(text);
    return found.find()
        ? Optional.of(
            text.substring(
                Math.max(0, found.start() - 120), Math.min(text.length(), found.end() + 120)))
        : Optional.empty();
  }

  /**
   * Plain, percent-encoded, in hexadecimal, and in both kinds of base64 wherever in a longer text
   * it may stand.
   */
  public static Stream<String> spellings(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return Stream.concat(
            Stream.of(
                secret,
                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)),
            Stream.of(0, 1, 2)
                .map(before -> base64(bytes, before))
                .flatMap(text -> Stream.of(text, text.replace('+', '-').replace('/', '_'))))
        .distinct();
  }

  /** What is left of the base64 of these bytes when others stand before and after them. */
  private static String base64(byte[] bytes, int before) {
    byte[] shifted = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int first = (before * 8 + 5) / 6; // letters that the bytes before have a part in
    return whole.substring(first, shifted.length * 8 / 6);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length != 32) {
      throw new IllegalArgumentException(Arrays.toString(bytes));
    }
    return Base64.getEncoder().encodeToString(bytes);
  }
}

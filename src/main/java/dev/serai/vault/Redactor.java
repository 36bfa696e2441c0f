package dev.serai.vault;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text that is about to be logged or stored: those it was told, and whatever
 * stands where secrets stand (credential headers, query parameters and JSON members by name,
 * passwords in URLs). Those it was told it knows in {@linkplain SpelledSecret any spelling}. It is
 * the second line: code does not put secrets into messages. Thread-safe.
 */
public final class Redactor {
  static final String MARK = "[redacted]";

  private static final String NAMES =
      "(?:[\\w-]*(?:token|secret|password|passwd|api[_-]?key|apikey|private[_-]?key|signature)|pwd|sig|code|key)";

  private static final Pattern HEADER =
      Pattern.compile(
          "(?i)\\b((?:proxy-)?authorization|cookie|set-cookie|x-[\\w-]*(?:key|token|secret)[\\w-]*)(\\s*[:=]\\s*)[^\\r\\n,}\\]]+");
  private static final Pattern QUERY = Pattern.compile("(?i)([?&]" + NAMES + "=)[^&\\s\"'#]+");
  private static final Pattern MEMBER =
      Pattern.compile(
          "(?i)(\"[\\w-]*(?:token|secret|password|api_?key|apikey|private_?key)\"\\s*:\\s*\")(?:[^\"\\\\]|\\\\.)*");
  private static final Pattern SCHEME =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/_.~=-]{8,}");
  private static final Pattern USER_INFO = Pattern.compile("(://[^/\\s:@]*:)[^/\\s@]+@");

  /** Shorter ones would eat the words of every sentence. */
  public static final int SHORTEST = 4;

  private final List<SpelledSecret> secrets;

  /** Knows no secret by value, only the places where secrets stand. */
  public Redactor() {
    this(List.of());
  }

  public Redactor(Collection<String> secrets) {
    // Longest first: a secret that contains another is replaced whole.
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(SpelledSecret::new)
            .toList();
  }

  public String redact(String text) {
    String clean = secrets.isEmpty() ? text : withoutKnown(text);
    clean = HEADER.matcher(clean).replaceAll("$1$2" + MARK);
    clean = QUERY.matcher(clean).replaceAll("$1" + MARK);
    clean = MEMBER.matcher(clean).replaceAll("$1" + MARK);
    clean = SCHEME.matcher(clean).replaceAll("$1 " + MARK);
    return USER_INFO.matcher(clean).replaceAll("$1" + MARK + "@");
  }

  private String withoutKnown(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] clean = bytes;
    for (SpelledSecret secret : secrets) {
      clean = secret.outOf(clean);
    }
    return clean == bytes ? text : new String(clean, StandardCharsets.UTF_8);
  }
}

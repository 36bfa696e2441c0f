package dev.serai.sample.oauth;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a customer can allow; parted by spaces (RFC 6749, 3.3). */
public final class Scopes {
  public static final String READ = "tickets:read";
  public static final String WRITE = "tickets:write";

  /** In words, as the consent page says them. */
  static final Map<String, String> IN_WORDS =
      Map.of(
          READ, "Read tickets, comments, people and projects",
          WRITE, "Create and change tickets and comments");

  private static final String ALL = READ + " " + WRITE;

  private Scopes() {}

  /**
   * What is asked for, in the order asked; everything if nothing is.
   *
   * @throws OAuthError {@code invalid_scope} for one that does not exist
   */
  static String asked(String text) {
    Set<String> asked = parts(text);
    if (!IN_WORDS.keySet().containsAll(asked)) {
      throw OAuthError.invalidScope("scopes are " + ALL);
    }
    return asked.isEmpty() ? ALL : String.join(" ", asked);
  }

  /**
   * What a refresh asks for, which may be less than what was allowed.
   *
   * @throws OAuthError {@code invalid_scope} if it is more
   */
  static String narrowed(String text, String allowed) {
    Set<String> asked = parts(text);
    if (!parts(allowed).containsAll(asked)) {
      throw OAuthError.invalidScope("more than the customer allowed");
    }
    return asked.isEmpty() ? allowed : String.join(" ", asked);
  }

  static Set<String> parts(String text) {
    Set<String> parts = new LinkedHashSet<>(List.of(text.trim().split(" +")));
    parts.remove("");
    return parts;
  }
}

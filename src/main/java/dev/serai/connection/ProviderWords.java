package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.HttpAnswer;
import dev.serai.vault.Redactor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a provider itself says when it refuses, fit to be shown to the customer. */
public final class ProviderWords {
  private static final int LONGEST = 300;
  private static final int DEEPEST = 4;

  /** Where APIs put what a person may read; the words before the codes. */
  private static final List<String> MEMBERS =
      List.of(
          "error_description",
          "message",
          "detail",
          "error_message",
          "errorMessage",
          "reason",
          "title",
          "description",
          "errors",
          "error");

  /** Also marks that turn the direction of writing, which could make a text read as another. */
  private static final Pattern BLANK =
      Pattern.compile("[\\p{Cc}\\s\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]+");

  private ProviderWords() {}

  /**
   * @param secrets what the request carried, which an answer may repeat
   * @return one line without them; null: there is nothing to read in the answer, as in a page of
   *     HTML
   */
  static @Nullable String of(HttpAnswer answer, Collection<String> secrets) {
    String said = clean(text(answer), secrets);
    return said.isEmpty() ? null : said;
  }

  /** A provider's text, fit to be shown: one line, bounded, without secrets. */
  public static String clean(@Nullable String text, Collection<String> secrets) {
    if (text == null) {
      return "";
    }
    // As it was said first: a key of several lines is none any more when they are one.
    String whole = new Redactor(secrets).redact(text);
    String safe = BLANK.matcher(whole).replaceAll(" ").strip();
    for (String secret : secrets) {
      if (!secret.isBlank()) {
        // The redactor leaves short ones alone inside of words; as a word of its own it is one.
        safe = alone(secret).matcher(safe).replaceAll("[redacted]");
      }
    }
    return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST) + "…";
  }

  private static Pattern alone(String secret) {
    return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(secret) + "(?![\\p{L}\\p{N}])");
  }

  private static String text(HttpAnswer answer) {
    try {
      return found(Json.parse(answer.body()), 0);
    } catch (IOException | RuntimeException e) {
      boolean plain =
          answer
              .headers()
              .first("content-type")
              .filter(t -> t.startsWith("text/plain"))
              .isPresent();
      return plain ? new String(answer.body(), StandardCharsets.UTF_8) : "";
    }
  }

  private static String found(JsonNode node, int depth) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (depth < DEEPEST && node.isArray()) {
      return found(node.path(0), depth + 1);
    }
    for (String member : depth < DEEPEST ? MEMBERS : List.<String>of()) {
      String text = found(node.path(member), depth + 1);
      if (!text.isBlank()) {
        return text;
      }
    }
    return "";
  }
}

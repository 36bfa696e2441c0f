package dev.serai.connection;

import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.vault.Redactor;
import dev.serai.vault.SpelledSecret;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Takes the secrets of a call out of its answer, before anybody can store, relay or log it: some
 * providers repeat a key in what they complain about, or among a user's own fields.
 */
public final class EchoGuard {
  /** A shorter one may be a word of the data, which must stay what the provider says. */
  private static final int SHORTEST_KEY = 16;

  private EchoGuard() {}

  /**
   * The answer without them, in {@linkplain SpelledSecret any spelling}.
   *
   * @param secrets what the request carried, or was made of
   */
  public static HttpAnswer without(Collection<String> secrets, HttpAnswer answer) {
    return without(secrets, answer, answer.ok() ? SHORTEST_KEY : Redactor.SHORTEST);
  }

  /** As {@link #without}, for an answer that is a no whatever its status says. */
  public static HttpAnswer withoutAny(Collection<String> secrets, HttpAnswer refusal) {
    return without(secrets, refusal, Redactor.SHORTEST);
  }

  private static HttpAnswer without(Collection<String> secrets, HttpAnswer answer, int shortest) {
    // The longest first, since one may hold another.
    List<SpelledSecret> known =
        secrets.stream()
            .distinct()
            .filter(secret -> secret.length() >= shortest)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(SpelledSecret::new)
            .toList();
    HttpAnswer clean = answer;
    for (SpelledSecret secret : known) {
      clean =
          new HttpAnswer(
              clean.status(), clean(clean.headers(), secret), secret.outOf(clean.body()));
    }
    return clean;
  }

  private static Headers clean(Headers headers, SpelledSecret secret) {
    return new Headers(
        headers.lines().stream()
            .map(line -> new Headers.Line(line.name(), clean(line.value(), secret)))
            .toList());
  }

  private static String clean(String text, SpelledSecret secret) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] clean = secret.outOf(bytes);
    return clean == bytes ? text : new String(clean, StandardCharsets.UTF_8);
  }
}

package dev.serai.connection;

import dev.serai.http.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** How long a provider wants to be left alone, by the headers of its answer. */
public final class AskedPause {
  /** Beyond it a header is nonsense, or a token would end before anybody asked again. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** So large a number is a point in time, in seconds since 1970. */
  private static final long ABSOLUTE = 1_000_000_000L;

  private static final List<String> REMAINING =
      List.of("X-RateLimit-Remaining", "RateLimit-Remaining");
  private static final List<String> RESET = List.of("X-RateLimit-Reset", "RateLimit-Reset");

  private AskedPause() {}

  /** Whether they tell of a limit that is reached, whatever the status is. */
  public static boolean limited(Headers headers) {
    return headers.first("Retry-After").isPresent() || exhausted(headers);
  }

  private static boolean exhausted(Headers headers) {
    return REMAINING.stream()
        .flatMap(name -> headers.first(name).stream())
        .anyMatch(left -> left.strip().equals("0"));
  }

  /** Zero: they ask for none. Never longer than an hour. */
  static Duration of(Headers headers, Instant now) {
    Optional<Duration> asked = headers.first("Retry-After").flatMap(text -> pause(text, now));
    if (asked.isEmpty() && exhausted(headers)) {
      asked =
          RESET.stream()
              .flatMap(name -> headers.first(name).stream())
              .flatMap(text -> pause(text, now).stream())
              .findFirst();
    }
    return asked
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait)
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  private static Optional<Duration> pause(String text, Instant now) {
    String said = text.strip();
    try {
      if (!said.matches("\\d{1,12}")) {
        Instant at = ZonedDateTime.parse(said, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Optional.of(Duration.between(now, at));
      }
      long number = Long.parseLong(said);
      return Optional.of(
          number > ABSOLUTE
              ? Duration.between(now, Instant.ofEpochSecond(number))
              : Duration.ofSeconds(number));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

package dev.serai.connection.auth;

import dev.serai.connection.AskedPause;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be behind a no that says nothing of the grant itself.
 *
 * @param limited the provider wants less, by its headers or its words
 * @param aboutTime its words complain of the time in something that we signed
 * @param dated what it takes for now; null: it does not say
 */
record Trouble(boolean limited, boolean aboutTime, @Nullable Instant dated) {
  private static final Pattern LIMIT =
      Pattern.compile(
          "rate.?limit|too many|slow down|throttl|abuse detection|temporarily|quota"
              + "|wait a (few|couple|minute|moment)|try again (later|in)");
  private static final Pattern TIME =
      Pattern.compile(
          "\\b(iat|exp|nbf)\\b|issued.at|expiration time|not yet (valid|current)|in the future"
              + "|valid time range|clock|(jwt|token|assertion|signature) (has |is )?expired");

  /** More than a slow answer explains. */
  private static final Duration SKEW = Duration.ofSeconds(30);

  static Trouble of(TokenAnswer answer) {
    String texts =
        String.valueOf(answer.errorText()).toLowerCase(Locale.ROOT) + "\n" + answer.texts();
    return new Trouble(
        AskedPause.limited(answer.headers()) || LIMIT.matcher(texts).find(),
        TIME.matcher(texts).find(),
        answer.headers().first("Date").map(Trouble::date).orElse(null));
  }

  /** Whether a wrong clock, ours or theirs, explains why something that we signed is refused. */
  boolean untimely(Instant now) {
    return aboutTime || (dated != null && Duration.between(dated, now).abs().compareTo(SKEW) > 0);
  }

  private static @Nullable Instant date(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}

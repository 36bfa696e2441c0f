package dev.serai.connection;

import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpFailure;
import dev.serai.provider.Provider.Retry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Decides whether, and when, one more attempt makes sense. */
final class RetryPause {
  private final Retry retry;
  private final boolean repeatable;
  private final DoubleSupplier random;

  RetryPause(Retry retry, boolean repeatable, DoubleSupplier random) {
    this.retry = retry;
    this.repeatable = repeatable;
    this.random = random;
  }

  /** Empty: this answer stands. A write is repeated only where 429 says it was not looked at. */
  Optional<Duration> after(HttpAnswer answer, int attempt, Duration elapsed, Instant now) {
    if (!retry.statuses().contains(answer.status()) || (!repeatable && answer.status() != 429)) {
      return Optional.empty();
    }
    Duration pause =
        answer
            .headers()
            .first(retry.afterHeader())
            .flatMap(value -> asked(value, now))
            .orElseGet(() -> backoff(attempt));
    return within(pause, attempt, elapsed);
  }

  /** Empty: this failure stands. */
  Optional<Duration> after(HttpFailure failure, int attempt, Duration elapsed) {
    boolean worth =
        switch (failure.code()) {
          case "connect_failed" -> true;
          case "timeout", "connection_reset", "answer_truncated" -> repeatable;
          default -> false;
        };
    return worth ? within(backoff(attempt), attempt, elapsed) : Optional.empty();
  }

  private Optional<Duration> within(Duration pause, int attempt, Duration elapsed) {
    return attempt < retry.maxAttempts() && elapsed.plus(pause).compareTo(retry.maxElapsed()) <= 0
        ? Optional.of(pause)
        : Optional.empty();
  }

  /** Full jitter: many connections that failed together do not come back together. */
  private Duration backoff(int attempt) {
    double bound =
        Math.min(
            retry.max().toMillis(),
            retry.base().toMillis() * Math.pow(retry.factor(), attempt - 1.0));
    return Duration.ofMillis((long) (random.getAsDouble() * bound));
  }

  private static Optional<Duration> asked(String value, Instant now) {
    try {
      double number = Double.parseDouble(value.strip());
      if (!(number >= 0) || number > 1e13) {
        return Optional.empty();
      }
      // Beyond any sensible pause it is a point in time, in seconds since 1970.
      Duration pause =
          number > 1e9
              ? Duration.between(now, Instant.ofEpochSecond((long) number))
              : Duration.ofMillis((long) (number * 1000));
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (NumberFormatException e) {
      return date(value, now);
    }
  }

  private static Optional<Duration> date(String value, Instant now) {
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(at.isBefore(now) ? Duration.ZERO : Duration.between(now, at));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

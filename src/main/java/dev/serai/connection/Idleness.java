package dev.serai.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a refresh token is used only so that it does not end unused: after half of its time, be that
 * declared for the provider or stated with the token, whichever is earlier.
 */
final class Idleness {
  /** An end that stays where it is, whatever is done, is not run after in ever smaller steps. */
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private Idleness() {}

  /**
   * How long from now, perhaps not at all any more; empty: it never is, for all we know.
   *
   * @param declared how long the provider's tokens may stay unused; null: as long as they like
   */
  static Optional<Duration> left(
      Standing standing, @Nullable Duration declared, Credentials credentials) {
    Instant stated = credentials.refreshTokenExpiresAt();
    // One that was passed when these credentials came was no end.
    Duration life =
        stated == null ? Duration.ZERO : Duration.between(standing.obtainedAt(), stated);
    return Stream.of(Optional.ofNullable(declared), Optional.of(life))
        .flatMap(Optional::stream)
        .filter(Duration::isPositive)
        .map(whole -> whole.dividedBy(2))
        .map(half -> half.compareTo(SHORTEST) < 0 ? SHORTEST : half)
        .min(Duration::compareTo)
        .map(half -> half.minus(standing.age()));
  }
}

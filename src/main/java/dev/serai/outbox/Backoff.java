package dev.serai.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long a refused webhook waits: soon at first, then for hours, for about three days in all.
 * Each wait is spread by ±20 %, so that what failed together does not come back together.
 */
public record Backoff(List<Duration> waits, RandomGenerator random) {
  private static final double SPREAD = 0.2;
  private static final Duration LONGEST = Duration.ofHours(24);

  /** Thirteen tries: 5 s, 30 s, 2 m, 10 m, 30 m, 1 h, 2 h, 4 h, 8 h, 16 h, 16 h, 24 h apart. */
  public static Backoff overThreeDays(RandomGenerator random) {
    return new Backoff(
        List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4),
            Duration.ofHours(8),
            Duration.ofHours(16),
            Duration.ofHours(16),
            Duration.ofHours(24)),
        random);
  }

  public Backoff {
    waits = List.copyOf(waits);
  }

  /**
   * The wait after so many tries; empty when it is time to give up.
   *
   * @param asked the receiver's Retry-After: waited for at least, up to a day
   */
  public Optional<Duration> after(int tries, Optional<Duration> asked) {
    if (tries > waits.size()) {
      return Optional.empty();
    }
    double factor = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
    Duration own = Duration.ofMillis((long) (waits.get(tries - 1).toMillis() * factor));
    Duration least = asked.filter(wait -> wait.compareTo(LONGEST) < 0).orElse(LONGEST);
    return Optional.of(asked.isPresent() && least.compareTo(own) > 0 ? least : own);
  }
}

package dev.serai.inbox;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a failed task waits: from 5 s, fourfold each time, up to 6 h; ten tries in about a day.
 */
final class Repeats {
  static final int TRIES = 10;
  static final Duration LONGEST = Duration.ofHours(6);

  private static final Duration FIRST = Duration.ofSeconds(5);

  private Repeats() {}

  /**
   * @param tries so far, the one that just failed included
   * @return empty: it is given up
   */
  static Optional<Duration> after(int tries) {
    if (tries >= TRIES) {
      return Optional.empty();
    }
    Duration wait = FIRST.multipliedBy(1L << Math.min(2 * (tries - 1), 30));
    long most = (wait.compareTo(LONGEST) > 0 ? LONGEST : wait).toMillis();
    return Optional.of(Duration.ofMillis(most - ThreadLocalRandom.current().nextLong(most / 5)));
  }
}

package dev.serai.connection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how long this connection's tokens live, and of what the API makes of them.
 *
 * @param renewed the generation that the last renewal brought; 0: none. How old any other is, is
 *     not known: it may have been imported
 * @param refused the token in force was got because the API refused the one before
 * @param futile so many tokens in a row did not help that were got so
 * @param shortest the age of the youngest token without a stated end that was refused and whose
 *     successor was accepted; grows while tokens outlive it
 * @param observed how many such were seen
 */
record TokenLife(
    long renewed, boolean refused, int futile, @Nullable Duration shortest, int observed) {
  /** A token that replaced a refused one and is refused so young: the fault is elsewhere. */
  private static final Duration TOO_YOUNG = Duration.ofSeconds(5);

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 10;

  /** Two refusals may be chance; and what is seen is never earlier than when it ended. */
  private static final int ENOUGH = 2;

  private static final double CAUTION = 0.9;

  /** A token that is refused younger was not at its end: no provider lets them live so shortly. */
  private static final Duration FLOOR = Duration.ofMinutes(1);

  /** Empty-handed until enough refusals were seen. */
  @Nullable Duration learned() {
    return shortest == null || observed < ENOUGH
        ? null
        : Duration.ofMillis((long) (shortest.toMillis() * CAUTION));
  }

  /** Another token would not help: this one replaced a refused one a moment ago. */
  boolean pointless(Duration age) {
    if (!refused) {
      return false;
    }
    Duration pause = TOO_YOUNG.multipliedBy(1L << Math.min(futile, MOST_DOUBLINGS));
    return age.compareTo(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE) < 0;
  }

  /** Whether a token of this generation that was refused at this age tells how long they live. */
  boolean tells(long generation, Duration age) {
    return generation == renewed && age.compareTo(FLOOR) >= 0;
  }
}

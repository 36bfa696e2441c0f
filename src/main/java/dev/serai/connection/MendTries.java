package dev.serai.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When an app that a provider did not accept is tried again although nobody changed it here: it may
 * have been mended there, or the provider's judgement was wrong for a while. Seldom, and more and
 * more so.
 */
final class MendTries {
  private static final Duration FIRST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int MOST_DOUBLINGS = 7;

  private MendTries() {}

  /**
   * @param before how the grant stood before this try
   */
  static Duration pause(Standing before) {
    int tries = before.state() == GrantState.MISCONFIGURED ? before.failures() + 1 : 0;
    Duration doubled = FIRST.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
    Duration pause = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    // So that the connections of one app do not come back together.
    return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 10));
  }
}

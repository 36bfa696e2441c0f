package dev.serai.sample;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A fixed window: so many requests, then 429 until the window ends. Thread-safe. */
final class RateLimit {
  private final InstantSource clock;
  private int requests = Integer.MAX_VALUE;
  private Duration window = Duration.ofSeconds(1);
  private Instant ends = Instant.EPOCH;
  private int used;

  RateLimit(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param allowed per window; 0: no limit
   */
  synchronized void set(int allowed, Duration per) {
    requests = allowed == 0 ? Integer.MAX_VALUE : allowed;
    window = per;
    ends = Instant.EPOCH;
  }

  /** Zero if the request may pass, else how long to wait in whole seconds, at least one. */
  synchronized long secondsToWait() {
    Instant now = clock.instant();
    if (!now.isBefore(ends)) {
      ends = now.plus(window);
      used = 0;
    }
    if (used < requests) {
      used++;
      return 0;
    }
    return Math.max(1, Math.ceilDiv(Duration.between(now, ends).toMillis(), 1000L));
  }
}

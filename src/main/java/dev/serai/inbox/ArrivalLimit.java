package dev.serai.inbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed window of a minute per integration, on this node only: by integration and not by address,
 * because a provider sends for all its customers from a few addresses. Thread-safe.
 */
final class ArrivalLimit {
  private static final long WINDOW_SECONDS = 60;

  private final int perMinute;
  private final InstantSource clock;
  private final Cache<String, AtomicInteger> taken =
      Caffeine.newBuilder().maximumSize(10_000).build();

  /**
   * @param perMinute 0: no limit
   */
  ArrivalLimit(int perMinute, InstantSource clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  boolean exceeded(long integration) {
    long window = clock.instant().getEpochSecond() / WINDOW_SECONDS;
    return perMinute > 0
        && taken.get(integration + "@" + window, any -> new AtomicInteger()).incrementAndGet()
            > perMinute;
  }
}

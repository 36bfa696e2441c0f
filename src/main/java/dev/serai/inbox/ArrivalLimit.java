package dev.serai.inbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed window of a minute on this node, for each integration, or for each connection where
 * connections prove their own: nobody uses up the allowance of somebody else. Not by address,
 * because a provider sends for all its customers from a few. Deliveries that come at the same
 * moment may go a little beyond it. Thread-safe.
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

  /**
   * @param connections whose secrets proved it; null: not by connection
   */
  boolean reached(long integration, @Nullable List<Long> connections) {
    return perMinute > 0 && counter(integration, connections).get() >= perMinute;
  }

  /** One was taken that is no repetition. */
  void count(long integration, @Nullable List<Long> connections) {
    if (perMinute > 0) {
      int unused = counter(integration, connections).incrementAndGet();
    }
  }

  private AtomicInteger counter(long integration, @Nullable List<Long> connections) {
    long window = clock.instant().getEpochSecond() / WINDOW_SECONDS;
    return taken.get(integration + " " + connections + " " + window, any -> new AtomicInteger());
  }
}

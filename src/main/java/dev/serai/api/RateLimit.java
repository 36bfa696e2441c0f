package dev.serai.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.http.Headers;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A fixed window of a minute per key, on this node only: it keeps one caller from drowning the
 * others, it does not bill. Thread-safe.
 */
public final class RateLimit {
  private static final long WINDOW_SECONDS = 60;

  private final int perMinute;
  private final InstantSource clock;
  private final Cache<String, AtomicLong> spent = Caffeine.newBuilder().maximumSize(10_000).build();

  /**
   * @param perMinute points a caller may spend in a minute; 0 turns the limit off
   */
  public RateLimit(int perMinute, InstantSource clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  /** What is left after this request. */
  record Left(int limit, long remaining, long resetEpochSecond, boolean exceeded) {
    Headers on(Headers headers) {
      return headers
          .with("X-RateLimit-Limit", Integer.toString(limit))
          .with("X-RateLimit-Remaining", Long.toString(remaining))
          .with("X-RateLimit-Reset", Long.toString(resetEpochSecond));
    }
  }

  Left spend(String key, int points) {
    long now = clock.instant().getEpochSecond();
    long window = now / WINDOW_SECONDS;
    if (perMinute == 0) {
      return new Left(Integer.MAX_VALUE, Integer.MAX_VALUE, (window + 1) * WINDOW_SECONDS, false);
    }
    long used = spent.get(key + "@" + window, any -> new AtomicLong()).addAndGet(points);
    return new Left(
        perMinute, Math.max(0, perMinute - used), (window + 1) * WINDOW_SECONDS, used > perMinute);
  }

  long secondsLeft(Left left) {
    return Math.max(1, left.resetEpochSecond() - clock.instant().getEpochSecond());
  }
}

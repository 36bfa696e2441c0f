package dev.serai.inbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.connection.Integration;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of refused deliveries, once a minute each: anybody may send them. */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

  private final Cache<String, Boolean> told =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  void tell(Integration integration, Refusal refusal) {
    String key = integration.id() + " " + refusal;
    if (told.asMap().putIfAbsent(key, true) == null) {
      LOG.warn(
          "Refused webhooks of integration {} ({}, {}): {}. To mend it: {}",
          integration.uniqueKey(),
          integration.provider(),
          refusal.code(),
          refusal.message(),
          refusal.remedy());
    }
  }
}

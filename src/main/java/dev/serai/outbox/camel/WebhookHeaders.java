package dev.serai.outbox.camel;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Lets out what a webhook is made of, with a forwarded one the provider's headers, and lets in what
 * decides the next try; every other header, Camel's own included, stays on its side.
 */
final class WebhookHeaders implements HeaderFilterStrategy {
  private static final Set<String> OUT =
      Set.of(
          "content-type",
          "x-nango-signature",
          "x-nango-hmac-sha256",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature");
  private static final Set<String> IN = Set.of("retry-after");

  @Override
  public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, Exchange exchange) {
    String small = name.toLowerCase(Locale.ROOT);
    return !OUT.contains(small)
        && !(exchange.getProperty(WebhookExchange.FORWARDED) instanceof Set<?> forwarded
            && forwarded.contains(small));
  }

  @Override
  public boolean applyFilterToExternalHeaders(
      String name, @Nullable Object value, Exchange exchange) {
    return !IN.contains(name.toLowerCase(Locale.ROOT));
  }
}

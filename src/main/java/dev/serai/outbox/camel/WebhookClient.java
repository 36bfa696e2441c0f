package dev.serai.outbox.camel;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * A client that does one thing once: the outbox owns every repeat, and a redirect would carry the
 * signature to somebody else.
 */
final class WebhookClient implements HttpClientConfigurer {
  private final @Nullable HttpHost proxy;

  WebhookClient(@Nullable HttpHost proxy) {
    this.proxy = proxy;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    client
        .setConnectionManagerShared(true)
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .setUserAgent("Serai");
    if (proxy != null) {
      client.setProxy(proxy);
    }
  }
}

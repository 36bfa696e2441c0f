package dev.serai.outbox.camel;

import dev.serai.outbox.Deliveries;
import dev.serai.outbox.SigningKeys;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * {@code outbox:deliveries}: due webhooks as exchanges. Also puts into the registry what a delivery
 * route must give to {@code http:} — {@code #webhookConnections} (guarded), {@code #webhookClient}
 * (no redirects, no repeats, no cookies) and {@code #webhookHeaders} (ours only, either way).
 */
public final class OutboxComponent extends DefaultComponent {
  /**
   * What deliveries need from the rest of the house.
   *
   * @param urls turns a stored URL into one that may be called, braces percent-encoded; throws
   *     {@link IllegalArgumentException} saying why not
   * @param connections guarded; lent, never closed
   * @param proxy the egress proxy, if there is one
   */
  public record Needs(
      Deliveries deliveries,
      SigningKeys keys,
      Function<String, URI> urls,
      HttpClientConnectionManager connections,
      @Nullable HttpHost proxy) {}

  private final Needs needs;

  public OutboxComponent(Needs needs) {
    this.needs = needs;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    var registry = getCamelContext().getRegistry();
    registry.bind("webhookConnections", new LentConnections(needs.connections()));
    registry.bind("webhookClient", new WebhookClient(needs.proxy()));
    registry.bind("webhookHeaders", new WebhookHeaders());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (!remaining.equals("deliveries")) {
      throw new IllegalArgumentException(
          "outbox:" + remaining + " does not exist: write outbox:deliveries");
    }
    OutboxEndpoint endpoint = new OutboxEndpoint(uri, this, needs);
    setProperties(endpoint, parameters);
    return endpoint;
  }
}

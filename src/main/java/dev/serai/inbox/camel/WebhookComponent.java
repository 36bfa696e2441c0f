package dev.serai.inbox.camel;

import dev.serai.inbox.Addresses;
import dev.serai.inbox.InboxEngine;
import dev.serai.inbox.Reception;
import dev.serai.inbox.WebhookRoutes;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code webhook:<provider>/<event>} begins a route that a provider's webhook runs, once for each
 * connection it concerns; several events are parted by commas, {@code *} is every other one. {@code
 * webhook:receive} ends the REST route that providers call; {@code webhook:tick} makes this node
 * look for what is to be done; {@code webhook:address} is a step that makes an address for one
 * connection.
 */
public final class WebhookComponent extends DefaultComponent {
  private final Needs needs;

  /**
   * @param publicUrl the address that providers call, without a slash at its end
   */
  public record Needs(
      Reception reception,
      InboxEngine engine,
      WebhookRoutes routes,
      Addresses addresses,
      String publicUrl) {}

  public WebhookComponent(Needs needs) {
    this.needs = needs;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (remaining.equals("receive")) {
      return new ReceiveEndpoint(uri, this, needs);
    }
    if (remaining.equals("tick")) {
      return new InboxTickEndpoint(uri, this, needs.engine());
    }
    if (remaining.equals("address")) {
      return new AddressEndpoint(uri, this, needs.addresses());
    }
    int slash = remaining.indexOf('/');
    if (slash < 1 || slash == remaining.length() - 1) {
      throw new IllegalArgumentException(
          "'" + uri + "' must be webhook:<provider>/<event>, e.g. webhook:github/issues");
    }
    WebhookEndpoint endpoint =
        new WebhookEndpoint(
            uri,
            this,
            remaining.substring(0, slash),
            remaining.substring(slash + 1),
            needs.routes());
    setProperties(endpoint, parameters);
    return endpoint;
  }
}

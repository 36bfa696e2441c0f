package dev.serai.connection.camel;

import dev.serai.connection.ProviderClient;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code provider:<provider>} calls the API of the exchange's connection. Credentials, retry and
 * the address guard are inside; no header of the exchange goes out and none comes back.
 */
public final class ProviderComponent extends DefaultComponent {
  private final ProviderClient client;

  public ProviderComponent(ProviderClient client) {
    this.client = client;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (!remaining.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "'" + uri + "' must be provider:<provider>, e.g. provider:zendesk");
    }
    ProviderEndpoint endpoint = new ProviderEndpoint(uri, this, client, remaining);
    setProperties(endpoint, parameters);
    return endpoint;
  }
}

package dev.serai.api.camel;

import dev.serai.api.Api;
import dev.serai.api.TrustedProxies;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code api:<operation>}, the last step of every REST route: answers the request with that
 * operation and leaves nothing of the request behind, so that no header can be echoed. An unknown
 * operation stops the route at its start.
 */
public final class ApiComponent extends DefaultComponent {
  private final Api api;
  private final RequestReader reader;

  public ApiComponent(Api api, TrustedProxies proxies) {
    this.api = api;
    this.reader = new RequestReader(proxies);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String operation, Map<String, Object> parameters) {
    if (!api.operations().contains(operation)) {
      throw new IllegalArgumentException("api:" + operation + " is no operation of the API");
    }
    return new OperationEndpoint(
        uri, this, endpoint -> new ApiProducer(endpoint, api, reader, operation));
  }
}

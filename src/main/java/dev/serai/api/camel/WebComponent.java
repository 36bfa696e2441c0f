package dev.serai.api.camel;

import dev.serai.api.Web;
import dev.serai.api.TrustedProxies;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code web:<operation>}, the last step of a route for browsers and providers: answers the request
 * with that operation and leaves nothing of the request behind, so that no header can be echoed. An
 * unknown operation stops the route at its start.
 */
public final class WebComponent extends DefaultComponent {
  private final Web web;
  private final RequestReader reader;

  public WebComponent(Web web, TrustedProxies proxies) {
    this.web = web;
    this.reader = new RequestReader(proxies);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String operation, Map<String, Object> parameters) {
    if (!web.operations().contains(operation)) {
      throw new IllegalArgumentException("web:" + operation + " is no page or door of this server");
    }
    return new OperationEndpoint(
        uri, this, endpoint -> new WebProducer(endpoint, web, reader, operation));
  }
}

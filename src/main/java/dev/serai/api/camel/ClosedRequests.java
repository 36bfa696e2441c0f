package dev.serai.api.camel;

import dev.serai.http.ClosedBody;
import io.vertx.core.http.HttpServerRequest;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Closes requests to Serai's own routes before the first step sees them: entered credentials come
 * in their bodies, codes and tokens in their addresses and headers, and a step that an operator
 * adds, a tracer or a debugger writes whole exchanges down. Routes that an operator adds himself
 * get requests as Camel gives them.
 */
public final class ClosedRequests implements RoutePolicyFactory {
  private volatile boolean complete;

  /** Routes that are made from now on are none of ours. */
  public void complete() {
    complete = true;
  }

  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext context, String routeId, NamedNode route) {
    return complete ? null : new Closing();
  }

  private static final class Closing extends RoutePolicySupport {
    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      if (exchange.getFromEndpoint() instanceof PlatformHttpEndpoint) {
        if (!(exchange.getIn().getBody() instanceof HttpServerRequest)) { // not read yet
          byte[] body = exchange.getIn().getBody(byte[].class);
          exchange.getIn().setBody(body == null ? null : new ClosedBody(body));
        }
        exchange.getIn().removeHeaders("*"); // readers ask the connection itself
      }
    }
  }
}

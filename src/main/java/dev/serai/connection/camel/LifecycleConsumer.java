package dev.serai.connection.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.lifecycle.Event;
import dev.serai.connection.lifecycle.LifecycleRoute;
import dev.serai.connection.lifecycle.LifecycleRoutes;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/** Offers its route as long as it runs; every connection gets an exchange of its own. */
final class LifecycleConsumer extends DefaultConsumer implements LifecycleRoute, Suspendable {
  private final String provider;
  private final Event event;
  private final LifecycleRoutes routes;

  LifecycleConsumer(
      Endpoint endpoint,
      Processor processor,
      String provider,
      Event event,
      LifecycleRoutes routes) {
    super(endpoint, processor);
    this.provider = provider;
    this.event = event;
    this.routes = routes;
  }

  @Override
  public JsonNode run(Connection connection, JsonNode body) throws Exception {
    Exchange exchange = createExchange(false);
    try {
      exchange.setProperty(ConnectionExchange.CONNECTION, connection);
      exchange.getMessage().setBody(body);
      getProcessor().process(exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
      if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
        throw new IllegalStateException("route " + getRouteId() + " marked itself for rollback");
      }
      return json(exchange.getMessage().getBody());
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private static JsonNode json(Object body) {
    return body == null ? NullNode.getInstance() : Json.mapper().valueToTree(body);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    routes.register(provider, event, this);
  }

  @Override
  protected void doStop() throws Exception {
    routes.unregister(provider, event, this);
    super.doStop();
  }

  @Override
  protected void doSuspend() {
    routes.unregister(provider, event, this);
  }

  @Override
  protected void doResume() {
    routes.register(provider, event, this);
  }
}

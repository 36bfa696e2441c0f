package dev.serai.action.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.action.ActionDefinition;
import dev.serai.action.ActionRegistry;
import dev.serai.action.ActionRoute;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/** Offers its route to callers as long as it runs; every call gets an exchange of its own. */
final class ActionConsumer extends DefaultConsumer implements ActionRoute, Suspendable {
  private final ActionDefinition definition;
  private final ActionRegistry registry;

  ActionConsumer(
      ActionEndpoint endpoint,
      Processor processor,
      ActionDefinition definition,
      ActionRegistry registry) {
    super(endpoint, processor);
    this.definition = definition;
    this.registry = registry;
  }

  @Override
  public JsonNode run(Connection connection, JsonNode input) throws Exception {
    Exchange exchange = createExchange(false);
    try {
      exchange.setProperty(ConnectionExchange.CONNECTION, connection);
      exchange.setProperty(ConnectionExchange.INPUT, input);
      exchange.getMessage().setBody(input);
      getProcessor().process(exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
      if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
        throw new IllegalStateException("route " + getRouteId() + " marked the call for rollback");
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
    registry.register(definition, this);
  }

  @Override
  protected void doStop() throws Exception {
    registry.unregister(definition, this);
    super.doStop();
  }

  @Override
  protected void doSuspend() {
    registry.unregister(definition, this);
  }

  @Override
  protected void doResume() {
    registry.register(definition, this);
  }
}

package dev.serai.action.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.action.ActionDefinition;
import dev.serai.action.ActionRegistry;
import dev.serai.action.ActionRoute;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionConsumer;
import dev.serai.connection.camel.ConnectionExchange;
import java.util.Map;
import org.apache.camel.Processor;

/** Offers its route to callers as long as it runs; every call gets an exchange of its own. */
final class ActionConsumer extends ConnectionConsumer implements ActionRoute {
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
    return json(steps(connection, input, Map.of(ConnectionExchange.INPUT, input)));
  }

  private static JsonNode json(Object body) {
    return body == null ? NullNode.getInstance() : Json.mapper().valueToTree(body);
  }

  @Override
  protected void offer() {
    registry.register(definition, this);
  }

  @Override
  protected void withdraw() {
    registry.unregister(definition, this);
  }
}

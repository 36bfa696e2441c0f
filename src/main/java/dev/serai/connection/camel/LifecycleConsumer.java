package dev.serai.connection.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.lifecycle.Event;
import dev.serai.connection.lifecycle.LifecycleRoute;
import dev.serai.connection.lifecycle.LifecycleRoutes;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;

/** Offers its route as long as it runs; every connection gets an exchange of its own. */
final class LifecycleConsumer extends ConnectionConsumer implements LifecycleRoute {
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
    return json(steps(connection, body, Map.of()));
  }

  private static JsonNode json(Object body) {
    return body == null ? NullNode.getInstance() : Json.mapper().valueToTree(body);
  }

  @Override
  protected void offer() {
    routes.register(provider, event, this);
  }

  @Override
  protected void withdraw() {
    routes.unregister(provider, event, this);
  }
}

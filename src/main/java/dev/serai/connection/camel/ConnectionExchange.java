package dev.serai.connection.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.connection.Connection;
import org.apache.camel.Exchange;

/** Finds the connection an exchange works for; set by the consumers of syncs and actions. */
public final class ConnectionExchange {
  /** The exchange property; its value is a {@link Connection}, which holds no credentials. */
  public static final String CONNECTION = "SeraiConnection";

  /** The exchange property with what an action was called with, a {@link JsonNode}. */
  public static final String INPUT = "SeraiActionInput";

  private ConnectionExchange() {}

  /** What the action was called with; JSON null in syncs. */
  public static JsonNode input(Exchange exchange) {
    JsonNode input = exchange.getProperty(INPUT, JsonNode.class);
    return input == null ? NullNode.instance : input;
  }

  /**
   * The body of the exchange as a tree.
   *
   * @throws IllegalStateException when an earlier step left something else there
   */
  public static JsonNode json(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    return switch (body) {
      case null -> NullNode.instance;
      case JsonNode node -> node;
      default ->
          throw new IllegalStateException(
              "route "
                  + exchange.getFromRouteId()
                  + ": the body must be JSON here, but is a "
                  + body.getClass().getSimpleName());
    };
  }

  /**
   * @throws IllegalStateException when a step that needs a connection is used in a route that has
   *     none
   */
  public static Connection of(Exchange exchange) {
    Connection connection = exchange.getProperty(CONNECTION, Connection.class);
    if (connection == null) {
      throw new IllegalStateException(
          "route "
              + exchange.getFromRouteId()
              + " has no connection: this step works in sync: and action: routes only");
    }
    return connection;
  }
}

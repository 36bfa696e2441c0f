package dev.serai.connection.camel;

import dev.serai.connection.Connection;
import org.apache.camel.Exchange;

/** Finds the connection an exchange works for; set by the consumers of syncs and actions. */
public final class ConnectionExchange {
  /** The exchange property; its value is a {@link Connection}, which holds no credentials. */
  public static final String CONNECTION = "SeraiConnection";

  private ConnectionExchange() {}

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

package dev.serai.connection.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;

/**
 * The beginning of a route that somebody runs as a connection. It offers itself as long as the
 * route runs; every run gets an exchange of its own. Thread-safe.
 */
public abstract class ConnectionConsumer extends DefaultConsumer implements Suspendable {
  protected ConnectionConsumer(Endpoint endpoint, Processor processor) {
    super(endpoint, processor);
  }

  /** Makes the route known to whoever runs it. */
  protected abstract void offer();

  /** Forgets this very route. */
  protected abstract void withdraw();

  /**
   * Runs the steps once.
   *
   * @param properties for the steps, beside the connection
   * @return the body that the last step left; null if it left none
   * @throws Exception whatever a step threw, or that one marked the run for rollback
   */
  protected final Object steps(Connection connection, JsonNode body, Map<String, Object> properties)
      throws Exception {
    Exchange exchange = createExchange(false);
    try {
      exchange.setProperty(ConnectionExchange.CONNECTION, connection);
      properties.forEach(exchange::setProperty);
      exchange.getMessage().setBody(body);
      getProcessor().process(exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
      if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
        throw new IllegalStateException("route " + getRouteId() + " marked itself for rollback");
      }
      return exchange.getMessage().getBody();
    } finally {
      releaseExchange(exchange, false);
    }
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    offer();
  }

  @Override
  protected void doStop() throws Exception {
    withdraw();
    super.doStop();
  }

  @Override
  protected void doSuspend() {
    withdraw();
  }

  @Override
  protected void doResume() {
    offer();
  }
}

package dev.serai.connection.camel;

import dev.serai.connection.lifecycle.Event;
import dev.serai.connection.lifecycle.LifecycleRoutes;
import dev.serai.connection.lifecycle.Preparations;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code connection:<provider>/created} and {@code connection:<provider>/deleting} begin a route of
 * a connection's life. {@code connection:prepare}, for a timer route, looks for connections whose
 * {@code created} route is due.
 */
public final class LifecycleComponent extends DefaultComponent {
  private final LifecycleRoutes routes;
  private final Preparations preparations;

  public LifecycleComponent(LifecycleRoutes routes, Preparations preparations) {
    this.routes = routes;
    this.preparations = preparations;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    if (remaining.equals("prepare")) {
      return new PrepareEndpoint(uri, this, preparations);
    }
    String[] parts = remaining.split("/", -1);
    Optional<Event> event = parts.length == 2 ? Event.of(parts[1]) : Optional.empty();
    if (event.isEmpty() || !parts[0].matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "'"
              + uri
              + "' must be connection:<provider>/created or connection:<provider>/deleting, e.g."
              + " connection:jira/created");
    }
    return new LifecycleEndpoint(uri, this, parts[0], event.get(), routes);
  }
}

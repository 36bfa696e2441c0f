package dev.serai.connection.lifecycle;

import dev.serai.connection.Connection;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a provider's {@code deleting} route say goodbye while the credentials are still there. What
 * goes wrong in it is logged and keeps no deletion; a process that dies in it has deleted nothing,
 * so the route may run again. Thread-safe.
 */
public final class Departures implements Consumer<Connection> {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final LifecycleRoutes routes;
  private final LifecycleRun run;

  public Departures(LifecycleRoutes routes) {
    this(routes, LIMIT);
  }

  Departures(LifecycleRoutes routes, Duration limit) {
    this.routes = routes;
    this.run = new LifecycleRun(Event.DELETING, limit);
  }

  /**
   * Returns after the route's end, or when its time is up; never throws for what the route does.
   */
  @Override
  public void accept(Connection connection) {
    routes
        .find(connection.provider(), Event.DELETING)
        .ifPresent(route -> {
          try {
            var unused = run.of(route, connection);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (Exception e) {
            LOG.warn(
                "{}: deleted although its route `deleting` failed: {}",
                connection.label(),
                LifecycleRun.told(e));
          }
        });
  }
}

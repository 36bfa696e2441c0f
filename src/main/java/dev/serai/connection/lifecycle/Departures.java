package dev.serai.connection.lifecycle;

import dev.serai.connection.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a provider's {@code deleting} route say goodbye while the credentials are still there. What
 * goes wrong in it is logged and keeps no deletion; a process that dies in it has deleted nothing,
 * so the route may run again. Thread-safe.
 */
public final class Departures implements Consumer<List<Connection>> {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration LIMIT_OF_ALL = Duration.ofSeconds(60);
  private static final int AT_ONCE = 32;

  private final LifecycleRoutes routes;
  private final LifecycleRun run;
  private final Duration all;

  public Departures(LifecycleRoutes routes) {
    this(routes, LIMIT, LIMIT_OF_ALL);
  }

  /**
   * @param limit of one route
   * @param all for connections that go together
   */
  Departures(LifecycleRoutes routes, Duration limit, Duration all) {
    this.routes = routes;
    this.run = new LifecycleRun(Event.DELETING, limit);
    this.all = all;
  }

  /**
   * Returns after the end of every route, or when their time is up; never throws for what a route
   * does. Of many connections those whose turn did not come in time go without.
   */
  @Override
  public void accept(List<Connection> leaving) {
    List<Callable<Boolean>> farewells = leaving.stream().flatMap(this::farewell).toList();
    if (farewells.isEmpty()) {
      return;
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(AT_ONCE, farewells.size()), Thread.ofVirtual().name("leaving-", 0).factory());
    try {
      List<Future<Boolean>> said =
          threads.invokeAll(farewells, all.toMillis(), TimeUnit.MILLISECONDS);
      long without = said.stream().filter(Future::isCancelled).count();
      if (without > 0) {
        LOG.warn(
            "{} of {} connections are deleted before their route `deleting` came to its end: {} s"
                + " were up",
            without,
            farewells.size(),
            all.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
  }

  private Stream<Callable<Boolean>> farewell(Connection connection) {
    Optional<LifecycleRoute> route = routes.find(connection.provider(), Event.DELETING);
    return route.stream().map(found -> () -> said(found, connection));
  }

  private boolean said(LifecycleRoute route, Connection connection) {
    try {
      var unused = run.of(route, connection);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn(
          "{}: deleted although its route `deleting` failed: {}",
          connection.label(),
          LifecycleRun.told(e));
    }
    return false;
  }
}

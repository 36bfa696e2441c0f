package dev.serai.app;

import dev.serai.api.camel.HttpEdge;
import io.vertx.ext.web.Router;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The one place where engines are put together and handed to Camel: every component and every bean
 * that a route names is registered here.
 */
final class Components {
  private Components() {}

  static void register(CamelContext context, Platform platform) {
    // Named: a second DataSource in the registry must not change what camel-sql uses.
    context.getRegistry().bind("serai", platform.database().dataSource());
    Probes.bind(context, platform.readiness());
  }

  /** Called once when the HTTP server exists, before the providers' routes are loaded. */
  static void started(CamelContext context, Platform platform) {
    Router router =
        VertxPlatformHttpRouter.lookup(
            context,
            VertxPlatformHttpRouter.getRouterNameFromPort(platform.settings().listening().port()));
    HttpEdge.install(router);
  }
}

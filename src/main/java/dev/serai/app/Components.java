package dev.serai.app;

import org.apache.camel.CamelContext;

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
}

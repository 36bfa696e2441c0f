package dev.serai.app;

import dev.serai.connection.ConnectionListener;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.camel.LifecycleComponent;
import dev.serai.connection.lifecycle.Departures;
import dev.serai.connection.lifecycle.LifecycleRoutes;
import dev.serai.connection.lifecycle.Preparations;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * The routes by which a provider takes part in its connections' lives.
 *
 * @param preparations to be told of connections before anything that works for them
 */
record LifecycleWiring(Preparations preparations, Departures departures) {

  /** Adds {@code connection:}. */
  static LifecycleWiring register(
      CamelContext context,
      Platform platform,
      ConnectionStore connections,
      CredentialVault credentials,
      List<ConnectionListener> working) {
    LifecycleRoutes routes = new LifecycleRoutes();
    Preparations preparations =
        platform
            .closing()
            .add(
                "preparations",
                new Preparations(
                    new Preparations.Rooms(
                        platform.database(),
                        connections,
                        credentials,
                        platform::catalogue,
                        routes,
                        working)));
    context.addComponent("connection", new LifecycleComponent(routes, preparations));
    return new LifecycleWiring(preparations, new Departures(routes));
  }
}

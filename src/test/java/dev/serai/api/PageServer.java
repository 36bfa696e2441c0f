package dev.serai.api;

import dev.serai.api.camel.HttpEdge;
import dev.serai.api.camel.WebComponent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The real route file of the Connect page on a free loopback port. */
final class PageServer implements AutoCloseable {
  static final int REQUESTS_A_MINUTE = 1_000_000;

  private final CamelContext context = new DefaultCamelContext();
  private final int port;

  PageServer(String frameAncestors) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Web web =
        new Web(
            new RateLimit(REQUESTS_A_MINUTE, InstantSource.fixed(Instant.EPOCH)),
            ConnectFiles.pages(frameAncestors, URI.create("https://serai.example.com:8443")));
    context.addComponent("web", new WebComponent(web, TrustedProxies.NONE));
    var configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost("127.0.0.1");
    configuration.setBindPort(port);
    context.addService(new VertxPlatformHttpServer(configuration));
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            ResourceHelper.resolveMandatoryResource(
                context, "file:routes/connect-page.camel.yaml"));
    context.start();
    HttpEdge.install(
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(port)));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    context.stop();
  }
}

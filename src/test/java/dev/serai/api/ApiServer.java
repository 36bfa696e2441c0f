package dev.serai.api;

import dev.serai.api.camel.ApiComponent;
import dev.serai.api.camel.HttpEdge;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The real REST routes of {@code routes/} on a free loopback port. */
final class ApiServer implements AutoCloseable {
  static final long BODY_LIMIT = 100_000;

  private final CamelContext context = new DefaultCamelContext();
  private final int port;

  ApiServer(Api api) throws Exception {
    this(api, TrustedProxies.NONE);
  }

  ApiServer(Api api, TrustedProxies proxies) throws Exception {
    port = freePort();
    context.setStreamCaching(false);
    context.addComponent("api", new ApiComponent(api, proxies));
    var configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost("127.0.0.1");
    configuration.setBindPort(port);
    configuration.setMaxBodySize(BODY_LIMIT);
    configuration.getBodyHandler().setHandleFileUploads(false);
    context.addService(new VertxPlatformHttpServer(configuration));
    for (Path file : restRoutes()) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
    }
    context.start();
    HttpEdge.install(
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(port)));
  }

  private static List<Path> restRoutes() throws IOException {
    try (var files = Files.list(Path.of("routes"))) {
      return files.filter(f -> f.getFileName().toString().startsWith("rest")).sorted().toList();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Exchanges that are not done. */
  int inflight() {
    return context.getInflightRepository().size();
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    context.stop();
  }
}

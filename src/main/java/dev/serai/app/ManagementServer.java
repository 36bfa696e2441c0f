package dev.serai.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Metrics, health and readiness on loopback, from the first second of a start to the last of a
 * stop, whatever the rest is doing.
 */
final class ManagementServer implements AutoCloseable {
  private static final String JSON = "application/json";

  private final HttpServer server;

  ManagementServer(int port, Readiness readiness, PrometheusMeterRegistry metrics)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
    server.createContext("/health", exchange -> answer(exchange, 200, JSON, Probes.HEALTHY));
    server.createContext(
        "/ready",
        exchange ->
            answer(
                exchange, readiness.isReady() ? 200 : 503, JSON, Json.write(readiness.report())));
    server.createContext(
        "/", exchange -> answer(exchange, 404, JSON, "{\"error\":{\"code\":\"not_found\"}}"));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

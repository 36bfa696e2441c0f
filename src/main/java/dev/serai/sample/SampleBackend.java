package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * What a product's backend does with Serai, in small: it takes webhooks on loopback, refuses those
 * that are not signed, answers at once, and then collects the changed records. A webhook that comes
 * twice is dealt with once.
 */
public final class SampleBackend implements AutoCloseable {
  private static final int REMEMBERED = 10_000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService collecting =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("sample-backend").factory());
  private final WebhookCheck check;
  private final Collector collector;
  private final Consumer<String> print;
  private final Set<String> seen =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  /**
   * @param port 0: any free one
   * @param serai where Serai's API listens
   * @param apiKey for Serai's API
   * @param signingKey of the environment; in dev it starts equal to the API key
   */
  public record Options(int port, URI serai, String apiKey, String signingKey) {
    @Override
    public String toString() {
      return "Options[port=%d, serai=%s]".formatted(port, serai);
    }
  }

  private SampleBackend(Options options, Consumer<String> print) throws IOException {
    this.print = print;
    this.check = new WebhookCheck(options.signingKey(), InstantSource.system());
    this.collector = new Collector(options.serai(), options.apiKey(), print);
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 64);
    server.setExecutor(threads);
    server.createContext("/webhooks", this::receive);
  }

  /**
   * Starts listening.
   *
   * @param print gets one friendly line at a time
   */
  public static SampleBackend start(Options options, Consumer<String> print) throws IOException {
    SampleBackend backend = new SampleBackend(options, print);
    backend.server.start();
    return backend;
  }

  /** Where webhooks must be sent to. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks");
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    boolean genuine = check.genuine(exchange.getRequestHeaders(), body);
    exchange.sendResponseHeaders(genuine ? 200 : 401, -1);
    exchange.close();
    if (!genuine) {
      print.accept("[backend] refused a webhook whose signature is not ours");
    } else if (seen.add(exchange.getRequestHeaders().getFirst("webhook-id"))) {
      JsonNode webhook = Json.parse(body);
      collecting.execute(() -> collector.told(webhook));
    }
  }

  @Override
  public void close() {
    server.stop(0);
    collecting.shutdownNow();
    threads.shutdownNow();
  }
}

package dev.serai.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A backend that keeps every webhook by its id, and can be made to refuse some. A message that came
 * twice counts once; one that came with two contents is remembered as a fault.
 */
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> byId = new LinkedHashMap<>();
  private final List<String> changed = new ArrayList<>();
  private int requests;
  private int refusing;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status = take(exchange.getRequestHeaders().getFirst("webhook-id"), body);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  // What is refused was received all the same: its id must not change until it is accepted.
  private synchronized int take(String id, String body) {
    requests++;
    String before = byId.putIfAbsent(id, body);
    if (before != null && !before.equals(body)) {
      changed.add(id);
    }
    if (refusing > 0) {
      refusing--;
      return 500;
    }
    return 200;
  }

  /** The next so many are answered with 500. */
  synchronized void refuse(int times) {
    refusing = times;
  }

  URI uri() {
    return URI.create(address().isEmpty() ? "" : "http://" + address() + "/webhooks");
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized int requests() {
    return requests;
  }

  /** Ids that came with different bytes. */
  synchronized List<String> changed() {
    return List.copyOf(changed);
  }

  /** The distinct messages about one model, in the order of their first arrival. */
  synchronized List<JsonNode> about(String model) {
    return byId.values().stream()
        .map(Json::parse)
        .filter(message -> message.path("model").asText().equals(model))
        .toList();
  }

  /** What all messages about a model announce together. */
  Changes announced(String model) {
    Changes sum = new Changes(0, 0, 0);
    for (JsonNode message : about(model)) {
      JsonNode results = message.path("responseResults");
      sum =
          sum.plus(
              new Changes(
                  results.path("added").asLong(),
                  results.path("updated").asLong(),
                  results.path("deleted").asLong()));
    }
    return sum;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

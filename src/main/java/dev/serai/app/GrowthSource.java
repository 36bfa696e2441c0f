package dev.serai.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider's API with as many records as are wanted, each made when it is asked for, and the
 * provider folder that reads it. Loopback only.
 */
final class GrowthSource implements AutoCloseable {
  static final String PROVIDER = "bench";
  private static final int PAGE = 2_000;
  private static final Pattern CURSOR = Pattern.compile("(?:^|&)cursor=(\\d+)");

  private static final String FACTS =
      """
      name: bench
      display_name: Benchmark
      auth: {type: none}
      base_url: "http://127.0.0.1:%d"
      streams:
        %s:
          request: {path: /records}
          records: {path: .records}
          pagination:
            type: cursor
            path: .next_cursor
            into: {query: cursor}
      """;

  private static final String ROUTE =
      """
      - route:
          id: bench-sync-%1$s
          description: Reads records that nobody needs
          group: bench
          from:
            uri: sync:bench/%1$s
            parameters:
              model: %2$s
              every: 24h
            steps:
              - to:
                  id: bench-sync-%1$s-save
                  uri: records:%2$s
      """;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private volatile int records;

  private GrowthSource(HttpServer server) {
    this.server = server;
  }

  /** Serves no records yet. */
  static GrowthSource start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    GrowthSource source = new GrowthSource(server);
    server.createContext("/records", source::answer);
    server.setExecutor(source.threads);
    server.start();
    return source;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on there are this many. */
  void holds(int count) {
    records = count;
  }

  int records() {
    return records;
  }

  /** Writes the provider's folder below the given one. */
  void describe(Path providers) throws IOException {
    Path folder = providers.resolve(PROVIDER);
    Files.createDirectories(folder.resolve("syncs"));
    Files.writeString(
        folder.resolve("provider.yaml"), FACTS.formatted(uri().getPort(), PagePipeline.STREAM));
    Files.writeString(
        folder.resolve("syncs/" + PagePipeline.STREAM + ".camel.yaml"),
        ROUTE.formatted(PagePipeline.STREAM, PagePipeline.MODEL));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Matcher cursor = CURSOR.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
      int from = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
      byte[] body = page(from).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String page(int from) {
    int to = Math.min(from + PAGE, records);
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("records");
    for (int number = from; number < to; number++) {
      list.add(BenchTickets.ticket(number, 0));
    }
    page.put("next_cursor", to < records ? Integer.toString(to) : null);
    return Json.write(page);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

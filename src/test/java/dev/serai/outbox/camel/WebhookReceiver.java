package dev.serai.outbox.camel;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A backend that keeps what it got and answers what the test wants. */
final class WebhookReceiver implements AutoCloseable {
  record Received(String target, Headers headers, String body) {}

  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Held held;
  private volatile int status = 200;
  private volatile Map<String, String> headers = Map.of();

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          received.add(
              new Received(
                  exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
          hold();
          headers.forEach(exchange.getResponseHeaders()::set);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  void answers(int changed, Map<String, String> with) {
    status = changed;
    headers = with;
  }

  /** The next request is kept waiting. */
  void holds(CountDownLatch arrived, CountDownLatch until) {
    held = new Held(arrived, until);
  }

  private record Held(CountDownLatch arrived, CountDownLatch until) {}

  private void hold() {
    Held now = held;
    held = null;
    if (now != null) {
      now.arrived().countDown();
      try {
        now.until().await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  List<Received> received() {
    return received;
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

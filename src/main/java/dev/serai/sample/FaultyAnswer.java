package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.serai.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sends answers, spoilt as their fault says. */
final class FaultyAnswer {
  private final CountDownLatch closing;

  /**
   * @param closing opened when the simulator stops, so that no silent answer outlives it
   */
  FaultyAnswer(CountDownLatch closing) {
    this.closing = closing;
  }

  /**
   * What happens before a request is carried out.
   *
   * @return whether it never is; then the connection is closed already
   */
  boolean withheld(HttpExchange exchange, Fault fault) {
    if (fault.is(Fault.Kind.DELAYED)) {
      pause(fault.option("hold_ms", 1_000));
    } else if (fault.is(Fault.Kind.SILENT_BEFORE)) {
      pause(fault.option("hold_ms", 600_000));
    }
    boolean withheld = fault.is(Fault.Kind.SILENT_BEFORE) || fault.is(Fault.Kind.DROPPED_BEFORE);
    if (withheld) {
      exchange.close();
    }
    return withheld;
  }

  void send(HttpExchange exchange, Answer answer, Fault fault) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    switch (fault.kind()) {
      case DROPPED, DROPPED_BEFORE, SILENT_BEFORE -> {}
      case DELAYED_AFTER -> {
        pause(fault.option("hold_ms", 1_000));
        write(exchange, answer);
      }
      case SILENT -> pause(fault.option("hold_ms", 600_000));
      case EMPTY -> write(exchange, answer.withBody(new byte[0]));
      case TRUNCATED -> truncated(exchange, answer);
      case SLOW -> slowly(exchange, answer, fault);
      case INVALID_JSON -> write(exchange, answer.withBody(broken(answer.body())));
      case REORDERED -> write(exchange, answer.withBody(reordered(answer.body())));
      case OVERSIZED -> write(exchange, answer.withBody(padded(answer.body(), fault)));
      case NONE,
          RATE_LIMITED,
          STATUS,
          STATUS_AFTER,
          HTML,
          HTML_AFTER,
          ECHO,
          DELAYED,
          BIG_PAGE,
          HIDDEN_PAGE,
          REPEATED_CURSOR ->
          write(exchange, answer);
    }
    exchange.close();
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void truncated(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.status(), Math.max(1, body.length));
    exchange.getResponseBody().write(body, 0, body.length / 2);
    exchange.getResponseBody().flush();
  }

  private void slowly(HttpExchange exchange, Answer answer, Fault fault) throws IOException {
    byte[] body = answer.body();
    int step = Math.max(1, fault.option("bytes", 64));
    exchange.sendResponseHeaders(answer.status(), body.length);
    OutputStream out = exchange.getResponseBody();
    for (int at = 0; at < body.length && closing.getCount() > 0; at += step) {
      out.write(body, at, Math.min(step, body.length - at));
      out.flush();
      pause(fault.option("pause_ms", 100));
    }
  }

  private void pause(int millis) {
    try {
      boolean stopping = closing.await(millis, TimeUnit.MILLISECONDS);
      if (stopping) {
        Thread.currentThread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] broken(byte[] body) {
    byte[] copy = Arrays.copyOf(body, body.length);
    byte[] rubbish = "<oops>".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(rubbish, 0, copy, copy.length / 2, Math.min(rubbish.length, copy.length / 2));
    return copy;
  }

  private static byte[] reordered(byte[] body) throws IOException {
    return Bodies.of(respelt(Json.parse(body)));
  }

  private static JsonNode respelt(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode reversed = Json.object();
        object.properties().stream()
            .toList()
            .reversed()
            .forEach(entry -> reversed.set(entry.getKey(), respelt(entry.getValue())));
        yield reversed;
      }
      case ArrayNode array -> {
        ArrayNode copy = Json.array();
        array.forEach(element -> copy.add(respelt(element)));
        yield copy;
      }
      case DecimalNode number -> DecimalNode.valueOf(number.decimalValue().setScale(9));
      default -> node;
    };
  }

  /** Blows up the first text named {@code body}; JSON stays valid. */
  private static byte[] padded(byte[] body, Fault fault) throws IOException {
    JsonNode tree = Json.parse(body);
    JsonNode holder = tree.findParent("body");
    int wanted = fault.option("megabytes", 50) << 20;
    if (holder instanceof ObjectNode object) {
      object.put("body", "x".repeat(wanted));
    } else if (tree instanceof ObjectNode object) {
      object.put("padding", "x".repeat(wanted));
    }
    return Bodies.of(tree);
  }
}

package dev.serai.api.camel;

import dev.serai.Json;
import dev.serai.api.TrustedProxies;
import dev.serai.connection.connect.FlowResults;
import dev.serai.http.Headers;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets of pages that opened a popup. Each is told its id, then what became of its flow:
 * at once if it ended on this node, else at the next look. The popup closes itself half a second
 * after its flow, and a closed popup may count as given up, so a look must come well before that.
 * Nothing a page sends is read. Event-loop threads never wait for the database.
 */
public final class FlowSockets {
  private static final Logger LOG = LoggerFactory.getLogger(FlowSockets.class);
  private static final int BEFORE_ROUTES = -10;
  private static final int MOST = 2_000;
  private static final int MOST_OF_ONE_ADDRESS = 50;
  private static final long AFTER_A_FAILED_LOOK_MS = 1_000;
  private static final Buffer NOTHING = Buffer.buffer();

  /**
   * @param lookMs for the ends of flows on other nodes
   * @param pingMs below the minute after which proxies commonly cut a silent connection
   */
  record Pace(long lookMs, long pingMs) {
    static final Pace USUAL = new Pace(125, 20_000);
  }

  private final FlowResults results;
  private final TrustedProxies proxies;
  private final Pace pace;
  private final Map<UUID, ServerWebSocket> waiting = new ConcurrentHashMap<>();
  private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean looking = new AtomicBoolean();

  public FlowSockets(FlowResults results, TrustedProxies proxies) {
    this(results, proxies, Pace.USUAL);
  }

  FlowSockets(FlowResults results, TrustedProxies proxies, Pace pace) {
    this.results = results;
    this.proxies = proxies;
    this.pace = pace;
    results.tell(this::tell);
  }

  /** Answers upgrades of {@code /}; every other request of that path goes on. */
  public void install(Router router, Vertx vertx) {
    router.route("/").order(BEFORE_ROUTES).handler(context -> upgrade(context, vertx));
    vertx.setPeriodic(pace.lookMs(), timer -> look(vertx));
    vertx.setPeriodic(
        pace.pingMs(), timer -> waiting.values().forEach(socket -> socket.writePing(NOTHING)));
  }

  private void upgrade(RoutingContext context, Vertx vertx) {
    HttpServerRequest request = context.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      context.next();
      return;
    }
    String address = address(request);
    if (!enter(address)) {
      context.response().setStatusCode(503).end();
      return;
    }
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            leave(address);
          }
        };
    request.pause();
    request
        .toWebSocket()
        .onSuccess(socket -> opened(socket, vertx, leave))
        .onFailure(e -> leave.run());
  }

  private String address(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    List<Headers.Line> lines = new ArrayList<>();
    request.headers().forEach((name, value) -> lines.add(new Headers.Line(name, value)));
    return proxies.caller(
        peer == null || peer.hostAddress() == null ? "unknown" : peer.hostAddress(),
        new Headers(lines));
  }

  private boolean enter(String address) {
    if (open.incrementAndGet() > MOST) {
      open.decrementAndGet();
      return false;
    }
    if (byAddress.merge(address, 1, Integer::sum) > MOST_OF_ONE_ADDRESS) {
      leave(address);
      return false;
    }
    return true;
  }

  private void leave(String address) {
    open.decrementAndGet();
    byAddress.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
  }

  private void opened(ServerWebSocket socket, Vertx vertx, Runnable leave) {
    long end = vertx.setTimer(FlowResults.LIFE.toMillis(), timer -> socket.close());
    AtomicBoolean closed = new AtomicBoolean();
    AtomicReference<UUID> given = new AtomicReference<>();
    socket.closeHandler(gone -> {
      closed.set(true);
      vertx.cancelTimer(end);
      leave.run();
      UUID id = given.get();
      if (id != null) {
        forget(id);
      }
    });
    vertx
        .executeBlocking(results::open, false)
        .onSuccess(id -> {
          waiting.put(id, socket);
          given.set(id);
          if (closed.get()) {
            forget(id);
          } else {
            socket.writeTextMessage(
                Json.write(
                    Json.object()
                        .put("message_type", "connection_ack")
                        .put("ws_client_id", id.toString())));
          }
        })
        .onFailure(e -> {
          LOG.warn("Cannot open a WebSocket: {}", e.getMessage());
          socket.close();
        });
  }

  // Not by Vert.x: sockets also close because it is stopping, and it takes no work any more then.
  private void forget(UUID id) {
    waiting.remove(id);
    var unused =
        Thread.startVirtualThread(() -> {
          try {
            results.close(id);
          } catch (RuntimeException e) {
            LOG.debug("The row of a WebSocket stays until it expires", e);
          }
        });
  }

  private void look(Vertx vertx) {
    if (waiting.isEmpty() || !looking.compareAndSet(false, true)) {
      return;
    }
    List<UUID> ids = List.copyOf(waiting.keySet());
    vertx
        .executeBlocking(() -> results.read(ids), false)
        .onComplete(read -> {
          if (read.failed()) {
            LOG.warn("Cannot look for ended flows: {}", read.cause().getMessage());
            vertx.setTimer(AFTER_A_FAILED_LOOK_MS, timer -> looking.set(false));
          } else {
            looking.set(false);
            read.result().forEach(this::tell);
          }
        });
  }

  /** Once; the client closes when it has read it. */
  private void tell(UUID id, String message) {
    ServerWebSocket socket = waiting.remove(id);
    if (socket != null) {
      socket.writeTextMessage(message);
    }
  }
}

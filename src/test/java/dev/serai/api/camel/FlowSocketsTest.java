package dev.serai.api.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.api.TrustedProxies;
import dev.serai.connection.connect.FlowResults;
import dev.serai.support.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The WebSockets of one node, with looks and pings as often as a test wants them. */
@Timeout(60)
class FlowSocketsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final long NEVER = TimeUnit.DAYS.toMillis(1);

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> pings = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Opens the socket of a page at a node of this pace; answers the id that it is given. */
  private UUID waiting(FlowResults results, FlowSockets.Pace pace) throws Exception {
    Router router = Router.router(vertx);
    new FlowSockets(results, TrustedProxies.NONE, pace).install(router, vertx);
    int port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), new Heard())
        .join();
    JsonNode ack = frame();
    assertThat(ack.path("message_type").asText()).isEqualTo("connection_ack");
    return UUID.fromString(ack.path("ws_client_id").asText());
  }

  private JsonNode frame() throws Exception {
    String frame = frames.poll(20, TimeUnit.SECONDS);
    assertThat(frame).as("a frame").isNotNull();
    return Json.parse(frame);
  }

  private final class Heard implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      frames.add(text.toString());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      pings.add("ping");
      socket.request(1);
      return null;
    }
  }

  @Test
  void a_page_is_told_by_the_node_of_both_without_a_look_and_once() throws Exception {
    FlowResults results = new FlowResults(postgres.database());
    UUID socket = waiting(results, new FlowSockets.Pace(NEVER, NEVER));

    results.publish(socket, FlowResults.success("desk", "c-1", false));
    results.publish(socket, FlowResults.error("desk", "c-1", "late", "too late"));

    assertThat(frame().path("connection_id").asText()).isEqualTo("c-1");
    results.publish(socket, FlowResults.success("desk", "c-2", false));
    assertThat(frames.poll(100, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void a_page_is_told_of_a_flow_that_ended_on_another_node_by_a_look() throws Exception {
    UUID socket = waiting(new FlowResults(postgres.database()), FlowSockets.Pace.USUAL);

    new FlowResults(postgres.database()).publish(socket, FlowResults.success("desk", "c-1", true));

    assertThat(frame().path("is_pending").asBoolean()).isTrue();
    assertThat(FlowSockets.Pace.USUAL.lookMs())
        .as("the popup closes itself after 500 ms")
        .isLessThan(250);
  }

  @Test
  void a_page_that_waits_long_is_pinged_so_that_no_proxy_takes_it_for_dead() throws Exception {
    waiting(new FlowResults(postgres.database()), new FlowSockets.Pace(NEVER, 20));

    assertThat(pings.poll(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(pings.poll(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(frames).isEmpty();
    assertThat(FlowSockets.Pace.USUAL.pingMs()).as("proxies wait a minute").isLessThan(60_000);
  }
}

package dev.serai.inbox.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strangers who send too much, too slowly or too many at a time, over real sockets. */
class WebhookGateTest {
  private static final int MOST = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger taken = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    new WebhookGate(20, 2, MOST, Duration.ofMillis(800)).install(router, vertx);
    router
        .post("/webhook/:environment/:integration")
        .handler(BodyHandler.create(false).setBodyLimit(100L * MOST)) // the server's own
        .handler(context -> {
          taken.incrementAndGet();
          context.response().end("took " + context.body().buffer().length());
        });
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void bodies_within_the_bounds_come_whole_however_they_are_written() throws Exception {
    assertThat(answer(send(head("Content-Length: 5") + "hello"))).contains("200", "took 5");
    assertThat(
            answer(
                send(
                    head("Transfer-Encoding: chunked") + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")))
        .contains("200", "took 11");
    assertThat(
            answer(
                send(
                    head("Content-Length: 5\r\nContent-Type: application/x-www-form-urlencoded")
                        + "a=%41")))
        .as("the bytes, which are signed")
        .contains("200", "took 5");
  }

  @Test
  void a_body_that_says_that_it_is_too_large_is_refused_before_a_byte_of_it_is_read()
      throws Exception {
    assertThat(answer(send(head("Content-Length: " + (MOST + 1))))).contains("413");
    assertThat(taken).hasValue(0);
  }

  @Test
  void a_body_that_does_not_say_its_length_is_refused_when_it_gets_too_large() throws Exception {
    Socket socket = send(head("Transfer-Encoding: chunked"));
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < 40; i++) {
        out.write(chunk.getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException e) {
      // cut off already
    }

    assertThat(taken).hasValue(0);
  }

  @Test
  void a_body_that_does_not_come_ends_its_connection_and_gives_its_room_back() throws Exception {
    Socket slow = send(head("Transfer-Encoding: chunked") + "5\r\nhel");
    Socket other = send(head("Content-Length: " + (MOST - 1)) + "x");
    await().until(() -> answer(send(head("Transfer-Encoding: chunked"))).contains("503"));
    assertThat(answer(send(head("Content-Length: 5") + "hello")))
        .as("small ones pass")
        .contains("200");

    assertThat(slow.getInputStream().readAllBytes()).isEmpty();
    assertThat(other.getInputStream().readAllBytes()).isEmpty();
    assertThat(answer(send(head("Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n")))
        .contains("200");
  }

  private static String head(String headers) {
    return "POST /webhook/e/i HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n";
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(10_000);
    sockets.add(socket);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Until the server has said something. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] some = new byte[4_096];
    int length = in.read(some);
    return length < 0 ? "" : new String(some, 0, length, StandardCharsets.US_ASCII);
  }
}

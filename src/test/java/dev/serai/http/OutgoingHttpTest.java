package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutgoingHttpTest {
  private static final HttpCall.Limits SHORT =
      new HttpCall.Limits(
          Duration.ofSeconds(2), Duration.ofMillis(300), Duration.ofMillis(900), 100_000);

  private final FakeProvider provider = new FakeProvider();
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.0/8"));

  @AfterEach
  void close() {
    http.close();
    provider.close();
  }

  @Test
  void an_answer_of_any_status_is_returned_whole() {
    provider.answering(request -> Answer.json(422, "{\"errors\":[\"no\"]}"));

    HttpAnswer answer = http.send(get(provider.url() + "/x"), Authorizer.NONE);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"errors\":[\"no\"]}");
    assertThat(answer.headers().first("content-type")).contains("application/json");
  }

  @Test
  void braces_never_leave_unencoded() {
    provider.answering(request -> Answer.json("{}"));

    http.send(
        new HttpCall(
            "GET",
            OutgoingUri.parse(provider.url() + "/a{{db.password}}?q={x}"),
            Headers.NONE,
            null,
            SHORT),
        Authorizer.NONE);

    assertThat(provider.requests().getFirst().path()).isEqualTo("/a%7B%7Bdb.password%7D%7D");
  }

  @Test
  void a_redirect_at_home_keeps_credentials_and_one_abroad_loses_all_of_them() throws Exception {
    try (FakeProvider stranger = new FakeProvider()) {
      stranger.answering(request -> Answer.json("{}"));
      provider.answering(request ->
          request.path().equals("/first")
              ? Answer.status(302).with("Location", "/second")
              : Answer.status(302).with("Location", stranger.url() + "/away"));
      Authorizer key = call -> call.withHeader("X-Key", "secret");

      http.send(get(provider.url() + "/first").withHeader("X-Tenant", "acme"), key);

      assertThat(provider.requests())
          .extracting(r -> r.headers().get("x-key"))
          .containsExactly("secret", "secret");
      assertThat(stranger.requests().getFirst().headers()).doesNotContainKeys("x-key", "x-tenant");
    }
  }

  @Test
  void a_stranger_cannot_send_us_home_with_our_credentials() throws Exception {
    try (FakeProvider stranger = new FakeProvider()) {
      stranger.answering(r -> Answer.status(302).with("Location", provider.url() + "/delete-all"));
      provider.answering(request ->
          request.path().equals("/first")
              ? Answer.status(302).with("Location", stranger.url())
              : Answer.json("{}"));

      http.send(get(provider.url() + "/first"), call -> call.withHeader("X-Key", "secret"));

      assertThat(provider.requests().get(1).headers()).doesNotContainKey("x-key");
    }
  }

  @Test
  void each_redirect_passes_the_guard() {
    provider.answering(r -> Answer.status(302).with("Location", "http://10.0.0.1/internal"));

    assertCode(get(provider.url() + "/x"), "address_refused");
  }

  @Test
  void endless_redirects_end_after_five() {
    provider.answering(r -> Answer.status(302).with("Location", "/again" + r.path()));

    assertCode(get(provider.url() + "/x"), "invalid_answer");
    assertThat(provider.requests()).hasSize(6);
  }

  @Test
  void a_write_is_not_repeated_by_a_redirect_that_does_not_say_so() {
    provider.answering(r -> Answer.status(302).with("Location", "/elsewhere"));

    HttpAnswer answer =
        http.send(
            new HttpCall(
                "POST", URI.create(provider.url() + "/x"), Headers.NONE, new byte[] {'1'}, SHORT),
            Authorizer.NONE);

    assertThat(answer.status()).isEqualTo(302);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void an_answer_over_the_limit_is_cut_off() {
    provider.answering(r -> new Answer(200, Map.of(), new byte[100_001]));

    assertCode(get(provider.url() + "/big"), "answer_too_large");
  }

  @Test
  void a_gzip_bomb_is_counted_as_it_unfolds() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 100; i++) {
        gzip.write(new byte[100_000]);
      }
    }
    assertThat(bomb.size()).isLessThan(20_000);
    provider.answering(
        r -> new Answer(200, Map.of("Content-Encoding", "gzip"), bomb.toByteArray()));

    assertCode(get(provider.url() + "/bomb"), "answer_too_large");
  }

  @Test
  void a_server_that_accepts_and_never_answers_times_out() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (RawServer silent = new RawServer(socket -> end.await())) {
      assertCode(get(silent.url() + "/x"), "timeout");
    } finally {
      end.countDown();
    }
  }

  @Test
  void a_server_that_sends_a_byte_now_and_then_is_stopped_by_the_whole_time() throws Exception {
    try (RawServer slow =
        new RawServer(socket -> {
          say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
          for (int i = 0; i < 1000; i++) {
            say(socket, "x");
            Thread.sleep(100); // the fault under test, not a wait of the test
          }
        })) {
      assertCode(get(slow.url() + "/x"), "timeout");
    }
  }

  @Test
  void a_body_that_stops_early_is_truncated_and_not_short() throws Exception {
    try (RawServer cut =
        new RawServer(socket -> {
          socket.getInputStream().read(new byte[10_000]);
          say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":");
        })) {
      assertCode(get(cut.url() + "/x"), "answer_truncated");
    }
    try (RawServer cut =
        new RawServer(socket -> {
          socket.getInputStream().read(new byte[10_000]);
          say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
        })) {
      assertCode(get(cut.url() + "/x"), "answer_truncated");
    }
  }

  @Test
  void a_reset_a_closed_port_and_no_http_have_their_own_codes() throws Exception {
    try (RawServer reset =
        new RawServer(socket -> {
          socket.getInputStream().read(new byte[10_000]);
          socket.setSoLinger(true, 0);
        })) {
      assertCode(get(reset.url() + "/x"), "connection_reset");
    }
    // Bound and not listening: nobody else can take the port meanwhile.
    try (java.net.Socket held = new java.net.Socket()) {
      held.bind(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0));
      assertCode(get("http://127.0.0.1:" + held.getLocalPort() + "/x"), "connect_failed");
    }
    try (RawServer ssh = new RawServer(socket -> say(socket, "SSH-2.0-OpenSSH\r\n\r\n"))) {
      assertCode(get(ssh.url() + "/x"), "connection_reset", "invalid_answer");
    }
  }

  @Test
  void only_what_fails_before_the_request_was_written_was_never_sent() throws Exception {
    try (RawServer plain = new RawServer(socket -> say(socket, "SSH-2.0-OpenSSH\r\n\r\n"))) {
      HttpFailure handshake = failure(get("https://" + plain.address() + "/x"));
      assertThat(handshake.code()).isEqualTo("connect_failed");
      assertThat(handshake.neverSent()).isTrue();
    }
    try (RawServer silent = new RawServer(socket -> Thread.sleep(2_000))) {
      HttpFailure handshake = failure(get("https://" + silent.address() + "/x"));
      assertThat(handshake.code()).isEqualTo("timeout");
      assertThat(handshake.neverSent()).isTrue();
      assertThat(failure(get(silent.url() + "/x")).neverSent()).isFalse();
    }
    HttpFailure broken =
        Failures.of(new SSLException("Tag mismatch"), false, true, "https://x", SHORT);
    assertThat(broken.code()).isEqualTo("connection_reset");
    assertThat(broken.of("label").neverSent()).isFalse();
  }

  private HttpFailure failure(HttpCall call) {
    return catchThrowableOfType(HttpFailure.class, () -> http.sendOnce(call));
  }

  @Test
  void a_header_that_would_smuggle_another_is_refused() {
    assertCode(get(provider.url() + "/x").withHeader("X-A", "1\r\nX-B: 2"), "invalid_request");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void everything_goes_through_the_egress_proxy_and_is_still_guarded() {
    provider.answering(r -> Answer.json("{}"));
    OutgoingSettings proxied =
        new OutgoingSettings(List.of(), List.of(), URI.create(provider.url()), 10, 10);
    try (OutgoingHttp behind = new OutgoingHttp(proxied)) {
      HttpAnswer answer = behind.send(get("http://93.184.215.14/x"), Authorizer.NONE);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(provider.requests().getFirst().headers().get("host")).isEqualTo("93.184.215.14");
      assertThatThrownBy(() -> behind.send(get("http://10.0.0.1/x"), Authorizer.NONE))
          .hasMessageContaining("is not a public address");
    }
  }

  @Test
  void a_message_never_shows_path_or_query() {
    assertThatThrownBy(
            () -> http.send(get("http://10.0.0.1/hooks/s3cret?k=s3cret"), Authorizer.NONE))
        .hasMessageNotContaining("s3cret");
  }

  private void assertCode(HttpCall call, String... codes) {
    assertThatThrownBy(() -> http.send(call, Authorizer.NONE))
        .isInstanceOfSatisfying(HttpFailure.class, e -> assertThat(codes).contains(e.code()));
  }

  private static void say(Socket socket, String text) throws Exception {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static HttpCall get(String url) {
    return new HttpCall("GET", URI.create(url), Headers.NONE, null, SHORT);
  }
}

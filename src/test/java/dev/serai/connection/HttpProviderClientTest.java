package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.provider.Catalogue;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpProviderClientTest {
  private static final String KEY = "auth: {type: api_key, name: X-Key, prefix: 'Token '}";

  private final FakeProvider provider = new FakeProvider();
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private final List<Duration> pauses = new ArrayList<>();
  private Credentials credentials = new Credentials.ApiKey("k1");
  private Instant now = Instant.parse("2024-01-01T00:00:00Z");

  @TempDir Path folder;

  @AfterEach
  void close() {
    http.close();
    provider.close();
  }

  @Test
  void base_url_standing_headers_and_key_are_added_inside() throws Exception {
    provider.answering(r -> Answer.json("{}"));

    client(KEY + "\nheaders: {X-Site: \"${connection_config.site}\"}")
        .call(connection(), ProviderCall.get("/a/{x}?b=1"));

    FakeProvider.Request request = provider.requests().getFirst();
    assertThat(request.path()).isEqualTo("/sub/a/%7Bx%7D");
    assertThat(request.query()).containsEntry("b", "1");
    assertThat(request.headers())
        .containsEntry("x-key", "Token k1")
        .containsEntry("x-site", "north")
        .containsEntry("accept", "application/json");
  }

  @Test
  void a_key_in_the_query_and_basic_by_template_reach_the_provider() throws Exception {
    provider.answering(r -> Answer.json("{}"));
    client("auth: {type: api_key, in: query, name: token}")
        .call(connection(), ProviderCall.get("/x?a=1"));
    assertThat(provider.requests().getLast().query()).containsEntry("token", "k1");

    credentials = new Credentials.Basic("ann", "pw");
    client("auth: {type: basic, username: \"${credentials.username}/token\"}")
        .call(connection(), ProviderCall.get("/x"));
    assertThat(basic()).isEqualTo("ann/token:pw");

    credentials = new Credentials.ApiKey("k9");
    client(
            "auth: {type: basic, credentials: api_key, username: \"${credentials.apiKey}\", password: x}")
        .call(connection(), ProviderCall.get("/x"));
    assertThat(basic()).isEqualTo("k9:x");
  }

  @Test
  void credentials_of_another_kind_are_refused_before_anything_leaves() throws Exception {
    credentials = new Credentials.Basic("ann", "pw");

    assertThatThrownBy(() -> client(KEY).call(connection(), ProviderCall.get("/x")))
        .hasMessageContaining("reconnect")
        .hasMessageNotContaining("pw");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void retry_after_is_honoured_and_the_last_answer_is_returned() throws Exception {
    script(Answer.status(429).with("Retry-After", "7"), Answer.status(503), Answer.json("{}"));

    assertThat(client(KEY).call(connection(), ProviderCall.get("/x")).status()).isEqualTo(200);
    assertThat(pauses.getFirst()).isEqualTo(Duration.ofSeconds(7));
    assertThat(pauses.get(1)).isLessThanOrEqualTo(Duration.ofSeconds(2));

    provider.answering(r -> Answer.status(503));
    assertThat(client(KEY).call(connection(), ProviderCall.get("/x")).status()).isEqualTo(503);
  }

  @Test
  void a_pause_longer_than_max_elapsed_is_not_waited_for() throws Exception {
    script(Answer.status(429).with("Retry-After", "3600"));

    assertThat(client(KEY).call(connection(), ProviderCall.get("/x")).status()).isEqualTo(429);
    assertThat(pauses).isEmpty();
  }

  @Test
  void a_date_and_seconds_since_1970_are_understood_as_retry_after() throws Exception {
    script(
        Answer.status(429).with("Retry-After", "Mon, 01 Jan 2024 00:00:30 GMT"),
        Answer.status(429).with("Retry-After", String.valueOf(now.getEpochSecond() + 60)),
        Answer.json("{}"));

    client(KEY).call(connection(), ProviderCall.get("/x"));

    assertThat(pauses).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  @Test
  void a_write_is_repeated_after_429_but_never_after_500() throws Exception {
    ProviderCall write =
        new ProviderCall("POST", "/x", List.of(), Headers.NONE, Json.object().put("a", 1));
    script(Answer.status(429), Answer.status(500), Answer.json("{}"));

    assertThat(client(KEY).call(connection(), write).status()).isEqualTo(500);
    assertThat(provider.requests()).hasSize(2);
    assertThat(provider.requests().getLast().body()).isEqualTo("{\"a\":1}");
  }

  @Test
  void one_connection_never_has_more_requests_at_once_than_declared() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    provider.answering(r -> {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      two.countDown();
      try {
        two.await(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      inside.decrementAndGet();
      return Answer.json("{}");
    });
    HttpProviderClient client = client(KEY + "\nconcurrency: {per_connection: 2}");

    List<Thread> threads =
        java.util.stream.IntStream.range(0, 10)
            .mapToObj(i ->
                Thread.startVirtualThread(() -> client.call(connection(), ProviderCall.get("/x"))))
            .toList();
    for (Thread thread : threads) {
      thread.join(10_000);
    }

    assertThat(provider.requests()).hasSize(10);
    assertThat(most).hasValue(2);
  }

  @Test
  void verification_accepts_refuses_and_cannot_reach() throws Exception {
    HttpProviderClient client = client(KEY + "\nverify: {path: /me, expect: .id != null}");
    Verification verification = new Verification(client);
    provider.answering(r ->
        "Token good".equals(r.headers().get("x-key"))
            ? Answer.json("{\"id\":1}")
            : Answer.status(401));

    assertThat(verification.verify(connection(), Grant.of(new Credentials.ApiKey("good"))))
        .isInstanceOf(Verification.Outcome.Accepted.class);
    assertThat(verification.verify(connection(), Grant.of(new Credentials.ApiKey("bad"))))
        .isEqualTo(
            new Verification.Outcome.Refused(
                401,
                "Acme answered 401 to GET /me: the credentials or the address are not accepted",
                null));
    provider.answering(r ->
        Answer.json(
            403, "{\"message\":\"Your trial has expired, " + r.headers().get("x-key") + "\"}"));
    assertThat(verification.verify(connection(), Grant.of(new Credentials.ApiKey("entered-1"))))
        .isEqualTo(
            new Verification.Outcome.Refused(
                403,
                "Acme answered 403 to GET /me: Your trial has expired, Token [redacted]",
                "Your trial has expired, Token [redacted]"));
    assertThat(verification.verify(to("http://10.0.0.1"), Grant.of(new Credentials.ApiKey("good"))))
        .isInstanceOfSatisfying(
            Verification.Outcome.Unreachable.class,
            u -> assertThat(u.why().code()).isEqualTo("address_refused"));
    provider.answering(r -> Answer.json("<html>"));
    assertThat(verification.verify(connection(), Grant.of(new Credentials.ApiKey("good"))))
        .isInstanceOf(Verification.Outcome.Refused.class);
  }

  private String basic() {
    String header = provider.requests().getLast().headers().get("authorization");
    return new String(Base64.getDecoder().decode(header.substring("Basic ".length())));
  }

  private void script(Answer... answers) {
    Iterator<Answer> next = Arrays.asList(answers).iterator();
    provider.answering(r -> next.next());
  }

  private HttpProviderClient client(String yaml) throws Exception {
    Path acme = Files.createDirectories(folder.resolve("acme"));
    Files.writeString(
        acme.resolve("provider.yaml"),
        """
        name: acme
        display_name: Acme
        base_url: ${connection_config.url}
        connection_config:
          url: {title: URL, description: x, pattern: 'https?://.+', example: 'https://a.example'}
          site: {title: Site, description: x, pattern: '.+', example: north, required: false}
        %s
        """
            .formatted(yaml));
    Catalogue catalogue = Catalogue.load(List.of(folder));
    assertThat(catalogue.problems()).isEmpty();
    InstantSource clock = () -> now;
    return new HttpProviderClient(
        http,
        () -> catalogue,
        connection -> Grant.of(credentials),
        1 << 20,
        clock,
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
        });
  }

  private Connection connection() {
    return to(provider.url() + "/sub/");
  }

  private static Connection to(String url) {
    ObjectNode config = Json.object().put("url", url).put("site", "north");
    return new Connection(7, 1, "dev", 1, "acme", "acme", "c7", "t", config, null, null);
  }
}

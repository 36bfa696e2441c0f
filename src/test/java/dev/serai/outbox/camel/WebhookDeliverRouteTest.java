package dev.serai.outbox.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.http.OutgoingUri;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.outbox.SigningKeys;
import dev.serai.outbox.WebhookSigning;
import dev.serai.support.RawServer;
import dev.serai.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhookDeliverRouteTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String KEY = "11111111-2222-4333-8444-555555555555";

  private final PoolingHttpClientConnectionManager connections =
      new PoolingHttpClientConnectionManager();
  private WebhookReceiver receiver;
  private DefaultCamelContext context;
  private PostgresOutbox outbox;
  private int dev;

  @BeforeEach
  void start() throws Exception {
    dev = postgres.environment();
    start(new WebhookReceiver());
  }

  private void start(WebhookReceiver backend) throws Exception {
    receiver = backend;
    Deliveries deliveries =
        new Deliveries(postgres.database(), Backoff.overThreeDays(new Random(5)));
    outbox = new PostgresOutbox(deliveries);
    context = new DefaultCamelContext();
    context.getPropertiesComponent().addInitialProperty("our.secret", "leaked");
    context.addComponent(
        "outbox",
        new OutboxComponent(
            new OutboxComponent.Needs(
                deliveries,
                environment -> new SigningKeys.Keys(KEY, null),
                OutgoingUri::parse,
                connections,
                null)));
    load("routes/webhook-deliver.camel.yaml");
    context.start();
  }

  private void load(String file) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            ResourceHelper.resolveResource(context, "file:" + Path.of(file).toAbsolutePath()));
  }

  @AfterEach
  void stop() {
    context.stop();
    connections.close();
    receiver.close();
  }

  private String send(String url) {
    var message =
        new OutgoingMessage(dev, null, "sync", Json.object().put("z", 1).put("a", "é"), url);
    String id =
        postgres.database().inTransaction(handle -> outbox.write(handle, message)).orElseThrow();
    outbox.wake();
    return id;
  }

  private List<Map<String, Object>> attempts() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "select d.state, a.status, a.error, extract(epoch from d.due_at - clock_timestamp()) as wait"
                        + " from attempt a join delivery d on d.id = a.delivery order by a.at")
                .mapToMap()
                .list());
  }

  private Map<String, Object> onlyAttempt() {
    await().atMost(Duration.ofSeconds(10)).until(() -> attempts().size() == 1);
    return attempts().getFirst();
  }

  @Test
  void a_webhook_arrives_signed_with_nothing_of_camel_in_it() {
    String id = send(receiver.url("/hook"));

    assertThat(onlyAttempt()).containsEntry("state", "delivered").containsEntry("status", 200);
    var got = receiver.received().getFirst();
    assertThat(got.body()).isEqualTo("{\"a\":\"é\",\"z\":1}");
    Instant at = Instant.ofEpochSecond(Long.parseLong(got.headers().getFirst("webhook-timestamp")));
    WebhookSigning.headers(KEY, id, at, got.body().getBytes(StandardCharsets.UTF_8))
        .forEach((name, value) -> assertThat(got.headers().getFirst(name)).isEqualTo(value));
    assertThat(got.headers().getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(got.headers().keySet())
        .allSatisfy(name ->
            assertThat(name.toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("camel", "breadcrumb"));
    assertThat(got.headers().getFirst("User-Agent")).startsWith("Serai");
  }

  @Test
  void a_stored_address_can_not_read_our_properties() {
    send(receiver.url("/hook?x={{our.secret}}&y=a%20b"));

    onlyAttempt();
    assertThat(receiver.received().getFirst().target())
        .isEqualTo("/hook?x=%7B%7Bour.secret%7D%7D&y=a%20b");
  }

  @Test
  void an_error_is_tried_once_and_waits_as_long_as_it_asks() {
    receiver.answers(503, Map.of("Retry-After", "600"));

    send(receiver.url("/hook"));

    assertThat(onlyAttempt()).containsEntry("state", "pending").containsEntry("status", 503);
    assertThat(((Number) attempts().getFirst().get("wait")).doubleValue()).isBetween(590.0, 600.0);
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void a_redirect_is_not_followed() {
    receiver.answers(302, Map.of("Location", receiver.url("/elsewhere")));

    send(receiver.url("/hook"));

    assertThat(onlyAttempt()).containsEntry("state", "pending").containsEntry("status", 302);
    assertThat(receiver.received())
        .extracting(WebhookReceiver.Received::target)
        .containsExactly("/hook");
  }

  @Test
  void an_address_that_is_none_or_answers_nothing_is_a_try_with_its_reason() throws Exception {
    send("ftp://example.com/hook");
    assertThat(onlyAttempt())
        .containsEntry("state", "pending")
        .extractingByKey("error")
        .asString()
        .contains("must start with http");

    try (RawServer silent = new RawServer(socket -> socket.getInputStream().read())) {
      send(silent.url() + "/hook");
      await().atMost(Duration.ofSeconds(10)).until(() -> attempts().size() == 2);
    }
    assertThat(attempts().getLast().get("error")).asString().contains("NoHttpResponse");
  }

  @Test
  void a_receiver_that_drips_for_ever_is_cut_off_and_holds_nobody_up() throws Exception {
    context.getRouteController().stopRoute("webhook-deliver");
    context.removeRoute("webhook-deliver");
    loadWithTimeout("1500ms");
    CountDownLatch over = new CountDownLatch(1);
    try (RawServer dripping =
        new RawServer(socket -> {
          var out = socket.getOutputStream();
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
          while (!over.await(50, TimeUnit.MILLISECONDS)) {
            out.write('x');
            out.flush();
          }
        })) {
      send(dripping.url());
      send(receiver.url("/hook"));

      await().atMost(Duration.ofSeconds(10)).until(() -> attempts().size() == 2);
      over.countDown();
    }
    assertThat(attempts().getFirst()).containsEntry("status", 200);
    assertThat(attempts().getLast().get("error")).asString().contains("no whole answer within");
  }

  private void loadWithTimeout(String timeout) throws Exception {
    String yaml =
        java.nio.file.Files.readString(Path.of("routes/webhook-deliver.camel.yaml"))
            .replace("timeout: 20s", "timeout: " + timeout);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("webhook-deliver.camel.yaml", yaml));
  }

  @Test
  void a_node_that_stops_in_the_middle_leaves_the_webhook_to_be_sent_again_as_it_was()
      throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    receiver.holds(arrived, over);
    String id = send(receiver.url("/hook"));
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

    context.getShutdownStrategy().setTimeout(1);
    context.stop();
    over.countDown();
    assertThat(attempts()).isEmpty();
    start(receiver);

    assertThat(onlyAttempt()).containsEntry("status", 200).containsEntry("state", "delivered");
    assertThat(receiver.received())
        .hasSize(2)
        .allSatisfy(got -> {
          assertThat(got.headers().getFirst("webhook-id")).isEqualTo(id);
          assertThat(got.body()).isEqualTo("{\"a\":\"é\",\"z\":1}");
        });
  }

  @Test
  void a_suspended_route_sends_nothing_until_it_is_resumed() throws Exception {
    context.getRouteController().suspendRoute("webhook-deliver");
    send(receiver.url("/hook"));
    assertThat(receiver.received()).isEmpty();

    context.getRouteController().resumeRoute("webhook-deliver");

    onlyAttempt();
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void a_reloaded_route_still_has_its_connections() throws Exception {
    context.getRouteController().stopRoute("webhook-deliver");
    context.removeRoute("webhook-deliver");
    load("routes/webhook-deliver.camel.yaml");

    send(receiver.url("/hook"));

    assertThat(onlyAttempt()).containsEntry("status", 200);
  }

  @Test
  void a_misspelt_endpoint_or_option_is_refused() {
    assertThatThrownBy(() -> context.getEndpoint("outbox:delivery"))
        .hasRootCauseMessage("outbox:delivery does not exist: write outbox:deliveries");
    assertThatThrownBy(() -> context.getEndpoint("outbox:deliveries?pol=1s"))
        .hasMessageContaining("pol");
  }
}

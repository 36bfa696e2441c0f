package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.outbox.WebhookSigning;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampleBackendTest {
  private static final String KEY = "11111111-2222-4333-8444-555555555555";
  private static final String SYNCED =
      "{\"connectionId\":\"alice\",\"from\":\"nango\",\"model\":\"Ticket\",\"modifiedAfter\":\"2026-11-01T00:00:00.000Z\","
          + "\"providerConfigKey\":\"sample\",\"responseResults\":{\"added\":2,\"deleted\":0,\"updated\":1},"
          + "\"success\":true,\"syncName\":\"tickets\",\"type\":\"sync\"}";

  private final List<String> printed = new CopyOnWriteArrayList<>();
  private StubSerai serai;
  private SampleBackend backend;

  @BeforeEach
  void start() throws Exception {
    serai = new StubSerai();
    backend =
        SampleBackend.start(
            new SampleBackend.Options(0, serai.uri(), "the-api-key", KEY), printed::add);
  }

  @AfterEach
  void stop() {
    backend.close();
    serai.close();
  }

  private int deliver(String key, String id, Instant at, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(backend.uri())
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    WebhookSigning.headers(key, id, at, body.getBytes(StandardCharsets.UTF_8))
        .forEach(request::header);
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static String page(int first, int last, String next) {
    StringBuilder records = new StringBuilder();
    for (int id = first; id <= last; id++) {
      records
          .append(id == first ? "" : ",")
          .append(
              "{\"id\":\"%d\",\"title\":\"T%d\",\"_nango_metadata\":{\"last_action\":\"ADDED\",\"cursor\":\"c%d\"}}"
                  .formatted(id, id, id));
    }
    return "{\"records\":[%s],\"next_cursor\":%s}".formatted(records, next);
  }

  @Test
  void an_access_that_has_ended_is_told_with_its_reason_and_without_its_link() throws Exception {
    String ended =
        "{\"connectionId\":\"alice\",\"error\":{\"description\":\"the access was withdrawn\",\"type\":\"refresh_token_revoked\"},"
            + "\"operation\":\"refresh\",\"providerConfigKey\":\"sample\",\"reconnectLink\":\"http://127.0.0.1/connect/?session_token=x\","
            + "\"success\":false,\"type\":\"auth\"}";
    String begun =
        "{\"connectionId\":\"alice\",\"operation\":\"creation\",\"providerConfigKey\":\"sample\",\"success\":true,\"type\":\"auth\"}";

    assertThat(deliver(KEY, "msg_1", Instant.now(), begun)).isEqualTo(200);
    assertThat(deliver(KEY, "msg_2", Instant.now(), ended)).isEqualTo(200);

    await().atMost(Duration.ofSeconds(10)).until(() -> printed.size() == 2);
    assertThat(printed)
        .containsExactlyInAnyOrder(
            "[backend] webhook: auth creation, sample of connection alice",
            "[backend] webhook: auth refresh failed, sample of connection alice: the access was withdrawn;"
                + " it brings a link for the customer to reconnect");
  }

  @Test
  void a_genuine_webhook_leads_to_all_changed_records() throws Exception {
    serai.answers(page(1, 3, "\"c3\""));
    serai.answers(page(4, 5, "null"));

    assertThat(deliver(KEY, "msg_1", Instant.now(), SYNCED)).isEqualTo(200);

    await().atMost(Duration.ofSeconds(10)).until(() -> printed.size() == 6);
    assertThat(printed)
        .containsExactly(
            "[backend] webhook: Ticket, sample of connection alice: 2 added, 1 updated, 0 deleted",
            "[backend]   collected 5 records",
            "[backend]   ADDED    1 T1",
            "[backend]   ADDED    2 T2",
            "[backend]   ADDED    3 T3",
            "[backend]   and 2 more");
    assertThat(serai.asked())
        .extracting(StubSerai.Asked::line)
        .containsExactly(
            "GET /records?limit=1000&model=Ticket&modified_after=2026-11-01T00%3A00%3A00.000Z",
            "GET /records?limit=1000&model=Ticket&cursor=c3");
    assertThat(serai.asked().getFirst().headers())
        .containsEntry("Authorization", "Bearer the-api-key")
        .containsEntry("Connection-Id", "alice")
        .containsEntry("Provider-Config-Key", "sample");
  }

  @Test
  void the_next_webhook_goes_on_from_the_cursor_it_has() throws Exception {
    serai.answers(page(1, 1, "null"));
    serai.answers(page(2, 2, "null"));

    deliver(KEY, "msg_1", Instant.now(), SYNCED);
    deliver(KEY, "msg_2", Instant.now(), SYNCED);

    await().atMost(Duration.ofSeconds(10)).until(() -> serai.asked().size() == 2);
    assertThat(serai.asked().getLast().line())
        .isEqualTo("GET /records?limit=1000&model=Ticket&cursor=c1");
  }

  @Test
  void a_webhook_that_comes_twice_is_dealt_with_once() throws Exception {
    serai.answers(page(1, 1, "null"));

    deliver(KEY, "msg_1", Instant.now(), SYNCED);
    deliver(KEY, "msg_1", Instant.now(), SYNCED);
    deliver(KEY, "msg_2", Instant.now(), SYNCED.replace("sync", "auth"));

    await().atMost(Duration.ofSeconds(10)).until(() -> printed.size() == 4);
    assertThat(serai.asked()).hasSize(1);
  }

  @Test
  void forged_changed_and_old_webhooks_are_refused() throws Exception {
    Instant now = Instant.now();

    assertThat(deliver("another key", "msg_1", now, SYNCED)).isEqualTo(401);
    assertThat(deliver(KEY, "msg_1", now.minusSeconds(3600), SYNCED)).isEqualTo(401);
    HttpRequest unsigned =
        HttpRequest.newBuilder(backend.uri())
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(SYNCED))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(unsigned, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(401);
    assertThat(serai.asked()).isEmpty();
    await().atMost(Duration.ofSeconds(10)).until(() -> printed.size() == 3);
    assertThat(printed).allMatch(line -> line.contains("refused"));
  }
}

package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InboxTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private InboxWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new InboxWorld(postgres, false, 0);
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.connection("two", "{\"team_id\": 2}");
    world.savingRoute("thing.saved");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void settle() {
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);
  }

  private static String saved(String team, String n) {
    return "{\"event\":\"thing.saved\",\"team\":{\"id\":%s},\"n\":\"%s\"}".formatted(team, n);
  }

  @Test
  void what_is_answered_is_written_down_and_worked_off_afterwards() {
    Reply reply = world.receive("d1", saved("\"T1\"", "7"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"status\":\"success\"}");
    assertThat(world.ran).isEmpty();
    settle();
    assertThat(world.ran).containsExactly("one thing.saved");
    assertThat(
            world.column("select external_id || ' ' || stream || ' ' || writer::text from record"))
        .containsExactly("7 things w");
  }

  @Test
  void a_change_is_announced_once_and_the_webhook_is_forwarded_with_its_headers() {
    world.receive("d1", saved("2", "7"));
    settle();

    List<JsonNode> told =
        world.column("select body from message order by type, id").stream()
            .map(Json::parse)
            .toList();
    assertThat(told).hasSize(2);
    JsonNode forward = told.get(0);
    assertThat(forward.path("from").asText()).isEqualTo("desk");
    assertThat(forward.path("type").asText()).isEqualTo("forward");
    assertThat(forward.path("connectionId").asText()).isEqualTo("two");
    assertThat(forward.path("providerConfigKey").asText()).isEqualTo("desk");
    assertThat(forward.at("/payload/n").asText()).isEqualTo("7");
    assertThat(Json.parse(world.text("select headers::text from message where type = 'forward'")))
        .isEqualTo(
            Json.object()
                .put(
                    "x-signature",
                    InboxWorld.signed("d1", saved("2", "7"), InboxWorld.SECRET, InboxWorld.NOW)
                        .first("X-Signature")
                        .orElseThrow())
                .put("x-delivery", "d1")
                .put("x-kind", "kept"));
    JsonNode sync = told.get(1);
    assertThat(sync.path("syncType").asText()).isEqualTo("WEBHOOK");
    assertThat(sync.path("syncName").asText()).isEqualTo("things");
    assertThat(sync.path("model").asText()).isEqualTo("Thing");
    assertThat(sync.at("/responseResults/added").asLong()).isEqualTo(1);
  }

  @Test
  void a_repeated_delivery_is_answered_and_done_once() {
    for (int i = 0; i < 5; i++) {
      assertThat(world.receive("same", saved("\"T1\"", "7")).status()).isEqualTo(200);
    }
    settle();
    assertThat(world.receive("same", saved("\"T1\"", "7")).status()).isEqualTo(200);
    settle();

    assertThat(world.ran).hasSize(1);
    assertThat(world.number("select count(*) from message")).isEqualTo(2);
  }

  @Test
  void forged_stale_and_unsigned_ones_are_refused_and_leave_nothing() {
    String body = saved("\"T1\"", "7");

    assertThat(world.receive("d", body, "another secret", InboxWorld.NOW).body())
        .contains("webhook_invalid_signature");
    assertThat(
            world.receive("d", body, InboxWorld.SECRET, InboxWorld.NOW.minusSeconds(301)).status())
        .isEqualTo(401);
    assertThat(world.receive("POST", "", Headers.NONE, body).body())
        .contains("webhook_missing_signature");
    world.execute("update integration set webhook_secret = null");
    assertThat(world.receive("d", body).status()).isEqualTo(401);
    assertThat(world.receive("d", body).body()).contains("webhook_missing_secret");
    assertThat(world.number("select count(*) from webhook_arrival")).isZero();
  }

  @Test
  void strangers_addresses_are_not_there() {
    Arrival arrival = new Arrival("POST", "https://x/", Headers.NONE, new byte[0]);

    assertThat(world.reception().receive("nonsense", "desk", arrival).body())
        .contains("unknown_environment");
    assertThat(
            world
                .reception()
                .receive(world.text("select uuid::text from environment"), "other", arrival)
                .body())
        .contains("unknown_provider_config");
  }

  @Test
  void a_question_whether_we_are_there_is_answered_with_its_own_word() {
    Reply asked = world.receive("GET", "?validationToken=abc%2Fd", Headers.NONE, "");
    Reply hello = world.receive("h", "{\"event\":\"hello\",\"challenge\":\"xyz\"}");
    Reply forged =
        world.receive("h", "{\"event\":\"hello\",\"challenge\":\"xyz\"}", "no", InboxWorld.NOW);

    assertThat(asked.body()).isEqualTo("abc/d");
    assertThat(asked.contentType()).startsWith("text/plain");
    assertThat(hello.body()).isEqualTo("xyz");
    assertThat(forged.status()).isEqualTo(401);
    assertThat(world.receive("GET", "", Headers.NONE, "").status()).isEqualTo(405);
    assertThat(world.number("select count(*) from webhook_arrival")).isZero();
  }

  @Test
  void nobodys_webhook_is_forwarded_as_it_came_and_switched_off_not_at_all() {
    world.receive("d1", "{\"event\":\"thing.saved\",\"b\":1,\"a\":2}");
    settle();
    world.execute("update integration set forward_webhooks = false");
    world.receive("d2", saved("\"T1\"", "8"));
    settle();

    assertThat(world.column("select body from message where type = 'forward'"))
        .containsExactly("{\"a\":2,\"b\":1,\"event\":\"thing.saved\"}");
    assertThat(world.ran).containsExactly("one thing.saved");
  }

  @Test
  void a_route_that_fails_is_repeated_and_given_up_at_last_with_its_reason() {
    world.route(
        "thing.bad", "", (connection, page) -> Optional.of(new IllegalStateException("no luck")));
    world.receive("d1", "{\"event\":\"thing.bad\",\"team\":{\"id\":\"T1\"}}");
    world.open();
    for (int attempt = 1; attempt <= 10; attempt++) {
      long tries = attempt;
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> world.number("select coalesce(max(attempts), 0) from webhook_task") == tries);
      world.execute("update webhook_task set due_at = clock_timestamp() where state = 'pending'");
      world.engine().tick();
    }
    await().atMost(Duration.ofSeconds(10)).until(world::settled);

    assertThat(world.text("select state || ': ' || error from webhook_task"))
        .isEqualTo("dead: IllegalStateException: no luck");
    assertThat(world.ran).hasSize(10);
  }

  @Test
  void events_of_one_connection_are_done_one_at_a_time_in_order() {
    List<Integer> order = new java.util.concurrent.CopyOnWriteArrayList<>();
    world.routes.register(
        "desk",
        java.util.Set.of("*"),
        new WebhookRoutes.Registered(
            (connection, body, page) -> {
              order.add(body.path("n").asInt());
              return Optional.empty();
            },
            ""));
    for (int i = 0; i < 40; i++) {
      world.receive("d" + i, "{\"event\":\"x\",\"team\":{\"id\":\"T1\"},\"n\":%d}".formatted(i));
    }
    settle();

    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 40).boxed().toList());
  }

  @Test
  void a_task_whose_node_died_is_done_again_when_its_lease_runs_out() {
    world.receive("d1", saved("\"T1\"", "7"));
    settle();
    world.execute(
        "update webhook_task set state = 'pending', lease_token = gen_random_uuid(), due_at = clock_timestamp() + interval '300 ms'");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          world.engine().tick();
          return world.settled();
        });

    assertThat(world.ran).hasSize(2);
    assertThat(world.number("select version from collection")).as("written once").isEqualTo(1);
    assertThat(world.number("select count(*) from message where type = 'sync'")).isEqualTo(1);
  }

  @Test
  void a_restarted_node_takes_up_at_once_what_its_former_life_had_in_hand() {
    world.receive("d1", saved("\"T1\"", "7"));
    settle();
    world.execute(
        "update webhook_task set state = 'pending', lease_token = gen_random_uuid(), due_at = clock_timestamp() + interval '1 hour'");

    world.restart();

    await().atMost(Duration.ofSeconds(20)).until(world::settled);
    assertThat(world.ran).hasSize(2);
  }

  @Test
  void before_the_routes_are_loaded_nothing_is_touched() {
    world.receive("d1", saved("\"T1\"", "7"));
    world.engine().tick();

    assertThat(world.text("select state from webhook_arrival")).isEqualTo("arrived");
  }

  @Test
  void sealed_deliveries_do_not_lie_open_and_are_worked_off_all_the_same() throws Exception {
    try (InboxWorld sealed = new InboxWorld(postgres, true, 0)) {
      sealed.savingRoute("thing.saved");
      sealed.receive("d1", saved("\"T1\"", "7"));

      assertThat(
              sealed.number(
                  "select count(*) from webhook_arrival where content is null and sealed is not null"))
          .isEqualTo(1);
      sealed.open();
      await().atMost(Duration.ofSeconds(20)).until(sealed::settled);
      assertThat(sealed.ran).containsExactly("one thing.saved");
    }
  }

  @Test
  void each_connection_proves_its_own_with_a_secret_of_its_own() throws Exception {
    String yaml =
        InboxWorld.SECRET_FIELD
            + InboxWorld.yaml()
                .replace(
                    "signed: [timestamp, \".\", body]",
                    "signed: [timestamp, \".\", body], secret: connection_config.hook_secret")
                .replace(
                    "match: {path: .team.id, to: connection_config.team_id}",
                    "match: {query: c, to: connection_id}");
    try (InboxWorld own =
        new InboxWorld(postgres, postgres.database(), false, 0, Duration.ofSeconds(60), yaml)) {
      own.savingRoute("thing.saved");
      own.secret("one", "one-secret");
      own.secret("two", "two-secret");
      String body = saved("\"T1\"", "7");

      assertThat(
              own.receive(
                      "POST",
                      "?c=one",
                      InboxWorld.signed("d", body, "one-secret", InboxWorld.NOW),
                      body)
                  .status())
          .isEqualTo(200);
      assertThat(
              own.receive(
                      "POST",
                      "?c=two",
                      InboxWorld.signed("d", body, "one-secret", InboxWorld.NOW),
                      body)
                  .status())
          .isEqualTo(401);
      assertThat(
              own.receive(
                      "POST",
                      "?c=three",
                      InboxWorld.signed("d", body, "one-secret", InboxWorld.NOW),
                      body)
                  .body())
          .contains("webhook_missing_secret");
      own.open();
      await().atMost(Duration.ofSeconds(20)).until(own::settled);
      assertThat(own.ran).containsExactly("one thing.saved");
    }
  }
}

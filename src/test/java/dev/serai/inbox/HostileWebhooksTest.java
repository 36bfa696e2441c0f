package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.http.Headers;
import dev.serai.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What strangers and odd providers send: refused or forwarded, never an error of ours. */
class HostileWebhooksTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private InboxWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new InboxWorld(postgres, false, 0);
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.savingRoute("thing.saved");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void nobody_uses_up_the_delivery_ids_of_another_customer() throws Exception {
    String yaml =
        InboxWorld.SECRET_FIELD
            + InboxWorld.yaml()
                .replace(
                    "signed: [timestamp, \".\", body]",
                    "signed: [timestamp, \".\", body], secret: connection_config.hook_secret");
    try (InboxWorld own =
        new InboxWorld(postgres, postgres.database(), false, 0, Duration.ofSeconds(60), yaml)) {
      own.connection("two", "{\"team_id\": \"T2\"}");
      own.savingRoute("thing.saved");
      own.secret("one", "one");
      own.secret("two", "two");
      for (String whose : java.util.List.of("one T1", "two T2", "two T2")) {
        String[] parts = whose.split(" ", -1);
        String body =
            "{\"event\":\"thing.saved\",\"team\":{\"id\":\"%s\"},\"n\":\"1\"}".formatted(parts[1]);
        assertThat(own.receive("same-id", body, parts[0], InboxWorld.NOW).status()).isEqualTo(200);
      }
      own.open();
      await().atMost(Duration.ofSeconds(20)).until(own::settled);

      assertThat(own.ran).containsExactlyInAnyOrder("one thing.saved", "two thing.saved");
    }
  }

  @Test
  void a_delivery_reaches_no_connection_of_another_integration_or_environment() {
    world.execute(
        "insert into environment (name, webhook_signing_key) select 'prod', webhook_signing_key from environment");
    world.execute(
        "insert into integration (environment, unique_key, provider) select id, 'desk', 'desk' from environment where name = 'prod'");
    world.execute(
        "insert into integration (environment, unique_key, provider) values (1, 'desk-2', 'desk')");
    world.execute(
        """
        insert into connection (environment, integration, connection_id, tenant, connection_config)
          select environment, id, 'foreign-' || id, 'x', '{"team_id": "T1"}' from integration where id <> 1
        """);
    world.receive("d", "{\"event\":\"thing.saved\",\"team\":{\"id\":\"T1\"},\"n\":\"1\"}");
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);

    assertThat(
            world.number(
                "select count(*) from connection where connection_config->>'team_id' = 'T1'"))
        .isEqualTo(3);
    assertThat(world.ran).containsExactly("one thing.saved");
    assertThat(world.number("select count(*) from message where type = 'forward'")).isEqualTo(1);
  }

  @Test
  void addresses_that_cannot_be_are_not_there() {
    Arrival arrival = new Arrival("POST", "https://x/", Headers.NONE, new byte[0]);
    String environment = world.text("select uuid::text from environment");

    assertThat(world.reception().receive(environment, "desk\0", arrival).status()).isEqualTo(404);
    assertThat(world.reception().receive("1-1-1-1-1", "desk", arrival).status()).isEqualTo(404);
  }

  @Test
  void bodies_that_nobody_understands_are_their_senders_affair() throws Exception {
    String yaml =
        InboxWorld.yaml()
            .replace(
                "{path: .challenge, when: '.event == \"hello\"'}",
                "{path: 'number(.a)', signed: false}");
    try (InboxWorld odd =
        new InboxWorld(postgres, postgres.database(), false, 0, Duration.ofSeconds(60), yaml)) {
      assertThat(odd.receive("d", "{\"a\":\"b\"}").status()).isEqualTo(400);
      assertThat(odd.receive("d", "{\"a\":\"b\"}").body()).contains("webhook_unreadable");
    }
    world.open();
    String deep = "[".repeat(100_000);
    assertThat(world.receive("t", "no json").status()).isEqualTo(200);
    assertThat(world.receive("n", deep).status()).isEqualTo(200);
    assertThat(world.receive("e", "").status()).isEqualTo(200);
    assertThat(
            world
                .receive("z", "{\"event\":\"a\\u0000b\",\"team\":{\"id\":\"T\\u00001\"}}")
                .status())
        .isEqualTo(200);
    assertThat(world.receive("u", "\u0000\uffff{\"event\":").status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(20)).until(world::settled);

    assertThat(world.ran).isEmpty();
    assertThat(world.number("select count(*) from webhook_arrival where state = 'dispatched'"))
        .isEqualTo(5);
    assertThat(world.number("select count(*) from message where type = 'forward'")).isEqualTo(5);
  }

  @Test
  void a_large_body_of_a_stranger_is_not_made_a_tree_of() {
    String pad = " ".repeat(2 << 20);
    String hello = "{\"event\":\"hello\",\"challenge\":\"xyz\"}" + pad;
    Arrival unproven =
        new Arrival("POST", "https://x/", Headers.NONE, hello.getBytes(StandardCharsets.UTF_8));

    assertThat(unproven.json().isMissingNode()).isTrue();
    assertThat(unproven.believe().json().path("challenge").asText()).isEqualTo("xyz");
    assertThat(world.receive("h", hello).body()).as("proven").isEqualTo("xyz");
  }
}

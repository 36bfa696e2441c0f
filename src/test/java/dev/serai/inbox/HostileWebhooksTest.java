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

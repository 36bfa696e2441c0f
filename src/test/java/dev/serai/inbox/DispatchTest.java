package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A delivery that cannot be handed on is its own affair: the others and their tasks go on. */
class DispatchTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String TO_ALL =
      InboxWorld.yaml()
          .replace("match: {path: .team.id, to: connection_config.team_id}", "match: {all: true}");

  private InboxWorld world;

  @AfterEach
  void close() {
    world.close();
  }

  private void start(String yaml) throws Exception {
    start(postgres.database(), yaml);
  }

  private void start(Database database, String yaml) throws Exception {
    world = new InboxWorld(postgres, database, false, 0, Duration.ofSeconds(60), yaml);
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.savingRoute("thing.saved");
  }

  private static String event(String name, String n) {
    return "{\"event\":\"%s\",\"team\":{\"id\":\"T1\"},\"n\":\"%s\"}".formatted(name, n);
  }

  private void awaitSaved(String n) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.column("select external_id from record").contains(n));
  }

  @Test
  void one_that_takes_too_long_is_booked_and_the_others_do_not_wait_for_it() throws Exception {
    Database.Limits brief = new Database.Limits(4, Duration.ofMillis(700), Duration.ofSeconds(10));
    try (Database database = new Database(postgres.address(), brief)) {
      start(database, InboxWorld.yaml());
      world.execute(
          """
          create function slow() returns trigger language plpgsql as
            $$ begin if new.event = 'slow' then perform pg_sleep(5); end if; return new; end $$
          """);
      world.execute(
          "create trigger slow before insert on webhook_task for each row execute function slow()");
      world.receive("d1", event("slow", "1"));
      world.receive("d2", event("thing.saved", "2"));
      world.open();

      awaitSaved("2");
      assertThat(
              world.text(
                  "select state || ' ' || attempts || ' ' || error from webhook_arrival where id = 1"))
          .startsWith("arrived 1 ")
          .contains("transaction timeout");
      world.close();
    } finally {
      world.execute("drop function slow cascade");
    }
  }

  @Test
  void an_error_of_the_machine_does_not_blind_the_node() throws Exception {
    start(InboxWorld.yaml());
    var known = world.providers;
    world.receive("d1", event("thing.saved", "1"));
    world.providers =
        name -> {
          throw new OutOfMemoryError("as it happens");
        };
    world.open();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> world.text("select error from webhook_arrival").contains("OutOfMemoryError"));
    world.providers = known;
    world.receive("d2", event("thing.saved", "2"));

    awaitSaved("2");
    assertThat(world.text("select attempts::text from webhook_arrival where id = 1"))
        .isEqualTo("1");
  }

  @Test
  void an_error_while_a_task_is_unpacked_is_an_attempt_of_it() throws Exception {
    start(InboxWorld.yaml());
    var known = world.providers;
    world.receive("d1", event("thing.saved", "1"));
    // The dispatch asks twice, the task then once.
    var asked = new AtomicInteger();
    world.providers =
        name -> {
          if (asked.incrementAndGet() == 3) {
            throw new StackOverflowError("deep");
          }
          return known.apply(name);
        };
    world.open();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> world.number("select coalesce(max(attempts), 0) from webhook_task") == 1);
    assertThat(world.text("select state || ' ' || error from webhook_task"))
        .isEqualTo("pending StackOverflowError: deep");
  }

  @Test
  void a_reason_that_postgresql_has_no_text_for_is_booked_all_the_same() throws Exception {
    start(InboxWorld.yaml().replace("{path: .event}", "{path: 'string(number(.n)) + \"x\"'}"));
    world.route("*", "", (connection, page) -> Optional.empty());
    world.receive("d1", event("x", "a\\u0000b"));
    world.receive("d2", event("x", "7"));
    world.open();

    await().atMost(Duration.ofSeconds(10)).until(() -> world.ran.size() == 1);
    assertThat(world.text("select attempts || ' ' || error from webhook_arrival where id = 1"))
        .startsWith("1 ")
        .contains("a\ufffdb");
    assertThat(Why.of(new IllegalStateException("\0".repeat(900))))
        .hasSize(500)
        .doesNotContain("\0");
  }

  @Test
  void one_that_never_comes_to_an_end_is_given_up_without_another_try() throws Exception {
    start(InboxWorld.yaml());
    world.receive("d1", event("thing.saved", "1"));
    world.execute("update webhook_arrival set attempts = 10");
    world.open();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> world.text("select state from webhook_arrival").equals("dead"));
    assertThat(world.text("select error from webhook_arrival"))
        .contains("no attempt came to an end");
    assertThat(world.ran).isEmpty();
  }

  @Test
  void one_for_very_many_connections_is_handed_on_in_parts_and_to_each_once() throws Exception {
    start(TO_ALL);
    world.execute(
        """
        insert into connection (environment, integration, connection_id, tenant, connection_config)
          select 1, 1, 'c' || n, 'x', '{}' from generate_series(1, 1202) n
        """);
    world.receive("d1", event("unwanted", "1"));
    world.receive("d2", event("unwanted", "2"));
    world.open();
    await().atMost(Duration.ofSeconds(60)).until(world::settled);

    assertThat(world.number("select count(*) from webhook_task")).isEqualTo(2 * 1203);
    assertThat(world.number("select count(distinct (arrival, connection)) from webhook_task"))
        .isEqualTo(2 * 1203);
    assertThat(world.number("select count(*) from message where type = 'forward'"))
        .isEqualTo(2 * 1203);
    assertThat(
            world.number(
                "select count(*) from delivery d join message m on m.id = d.message where m.type = 'forward'"))
        .isEqualTo(2 * 1203);
    assertThat(world.number("select count(*) from webhook_arrival where reached >= 1000"))
        .as("in more than one part")
        .isEqualTo(2);
  }

  @Test
  void an_event_whose_route_is_not_on_this_node_yet_is_left_until_it_is() throws Exception {
    start(InboxWorld.yaml());
    world.receive("d1", event("thing.saved", "1"));
    world.receive("d2", event("nobody.wants", "2"));
    WebhookRoutes.Registered route = world.routes.find("desk", "thing.saved").orElseThrow();
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);
    world.execute("update webhook_task set state = 'pending', due_at = clock_timestamp()");
    world.routes.unregister("desk", Set.of("thing.saved"), route);
    world.routes.register("desk", Set.of("another"), route); // the node of another version
    world.engine().tick();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            world.text("select state from webhook_task where event = 'nobody.wants'").equals("done")
                && !world
                    .text("select error from webhook_task where event = 'thing.saved'")
                    .isEmpty());
    world.savingRoute("thing.saved");
    world.execute("update webhook_task set due_at = clock_timestamp() where state = 'pending'");
    world.engine().tick();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);
    assertThat(world.ran).hasSize(2);
  }
}

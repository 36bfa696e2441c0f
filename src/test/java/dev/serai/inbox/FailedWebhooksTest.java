package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was given up can be seen, done again and let go. */
class FailedWebhooksTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private InboxWorld world;
  private FailedStore failed;

  @BeforeEach
  void giveUp() throws Exception {
    world = new InboxWorld(postgres, false, 0);
    failed = new FailedStore(postgres.database());
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.savingRoute("thing.saved");
    for (int n = 1; n <= 3; n++) {
      world.receive(
          "d" + n,
          "{\"event\":\"thing.saved\",\"team\":{\"id\":\"T1\"},\"n\":\"%d\"}".formatted(n));
    }
    world.execute(
        "update webhook_arrival set state = 'dead', attempts = 10, error = 'no match' where id = 3");
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);
    world.execute("update webhook_task set state = 'dead', attempts = 10, error = 'no luck'");
    world.ran.clear();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void they_are_listed_with_their_reasons_and_counted() {
    assertThat(failed.list(10))
        .extracting(
            FailedStore.Failed::id,
            FailedStore.Failed::connection,
            FailedStore.Failed::event,
            FailedStore.Failed::attempts,
            FailedStore.Failed::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("task:1", "one", "thing.saved", 10, "no luck"),
            org.assertj.core.groups.Tuple.tuple("task:2", "one", "thing.saved", 10, "no luck"),
            org.assertj.core.groups.Tuple.tuple("delivery:3", "", "", 10, "no match"));
    assertThat(failed.list(2)).hasSize(2);
    assertThat(new BacklogStore(postgres.database()).measure())
        .isEqualTo(new BacklogStore.Reading(0, 0, 3));
  }

  @Test
  void those_that_are_retried_are_done_and_no_others() {
    assertThat(failed.retry(List.of("task:2", "task:77", "nonsense"))).isEqualTo(1);
    world.engine().tick();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);

    assertThat(world.ran).hasSize(1);
    assertThat(failed.list(10)).hasSize(2);
    assertThat(failed.retry(List.of("task:2"))).as("done meanwhile").isZero();
  }

  @Test
  void all_are_retried_deliveries_are_dispatched_and_no_task_is_made_twice() {
    assertThat(failed.retry(List.of())).isEqualTo(3);
    BacklogStore.Reading waiting = new BacklogStore(postgres.database()).measure();
    world.engine().tick();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);

    assertThat(waiting.waiting()).isEqualTo(3);
    assertThat(waiting.oldestSeconds()).isPositive();
    assertThat(failed.list(10)).isEmpty();
    assertThat(world.ran).hasSize(3);
    assertThat(world.number("select count(*) from webhook_task where state = 'done'")).isEqualTo(3);
  }

  @Test
  void those_that_are_discarded_are_gone_and_never_done() {
    assertThat(failed.discard(List.of("task:1"))).isEqualTo(1);
    assertThat(failed.discard(List.of())).isEqualTo(2);
    world.engine().tick();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);

    assertThat(failed.list(10)).isEmpty();
    assertThat(world.ran).isEmpty();
    assertThat(world.text("select error from webhook_task where id = 1")).isEqualTo("no luck");
  }
}

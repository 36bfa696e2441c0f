package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What came earlier and is done later does not undo what was known later. */
class OverwritingTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private InboxWorld world;
  private volatile boolean failing = true;

  @BeforeEach
  void start() throws Exception {
    world = new InboxWorld(postgres, false, 0);
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.routes.register(
        "desk",
        Set.of("*"),
        new WebhookRoutes.Registered(
            (connection, event, page) -> {
              if (event.path("fails").asBoolean() && failing) {
                return Optional.of(new IllegalStateException("not now"));
              }
              if (event.path("event").asText().equals("gone")) {
                page.add(new RecordWriter.Batch.Delete("Thing", List.of("7")));
              } else {
                page.save(
                    "Thing",
                    List.of(
                        Json.object().put("id", "7").put("title", event.path("title").asText())));
              }
              return Optional.empty();
            },
            "things"));
    world.open();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void receive(String delivery, String event, String title, boolean fails) {
    world.receive(
        delivery,
        "{\"event\":\"%s\",\"team\":{\"id\":\"T1\"},\"title\":\"%s\",\"fails\":%s}"
            .formatted(event, title, fails));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            fails
                ? world.number(
                        "select count(*) from webhook_task where attempts = 1 and error is not null")
                    == 1
                : world.number("select count(*) from webhook_task where state = 'done'") > 0
                    && world.number("select count(*) from webhook_arrival where state = 'arrived'")
                        == 0
                    && world.number(
                            "select count(*) from webhook_task where state = 'pending' and attempts = 0")
                        == 0);
  }

  /** The failed ones are tried again, and nothing fails any more. */
  private void retry() {
    failing = false;
    world.execute("update webhook_task set due_at = clock_timestamp() where state = 'pending'");
    world.engine().tick();
    await().atMost(Duration.ofSeconds(10)).until(world::settled);
  }

  private String stored() {
    return world.text(
        "select case when deleted_at is null then data->>'title' else 'gone' end from record");
  }

  private void page(OffsetDateTime noted, String title) {
    new RecordWriter(postgres.database(), Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF)
        .save(
            new RecordWriter.Write(
                1,
                "base",
                "things",
                "",
                RecordWriter.Writer.PAGE,
                noted,
                0,
                List.of(
                    new RecordWriter.Batch.Save(
                        "Thing", List.of(Json.object().put("id", "7").put("title", title))))));
  }

  @Test
  void a_retried_event_does_not_undo_a_later_one() {
    receive("d1", "saved", "old", true);
    receive("d2", "saved", "new", false);
    retry();

    assertThat(stored()).isEqualTo("new");
    assertThat(world.number("select version from collection")).isEqualTo(1);
  }

  @Test
  void a_retried_event_does_not_undo_a_later_one_that_changed_nothing() {
    receive("d0", "saved", "as it is", false);
    receive("d1", "saved", "for a moment", true);
    receive("d2", "saved", "as it is", false);
    retry();

    assertThat(stored()).isEqualTo("as it is");
  }

  @Test
  void a_retried_event_revives_nothing_that_is_gone_known_or_not() {
    receive("d0", "saved", "first", false);
    receive("d1", "saved", "old", true);
    receive("d2", "gone", "", false);
    retry();
    assertThat(stored()).isEqualTo("gone");

    world.execute("delete from record; delete from webhook_latest; delete from webhook_arrival");
    failing = true;
    receive("d3", "saved", "made", true);
    receive("d4", "gone", "", false);
    retry();
    assertThat(world.number("select count(*) from record")).isZero();
  }

  @Test
  void a_retried_event_does_not_undo_a_page_that_was_asked_for_after_it_came() {
    receive("d1", "saved", "old", true);
    page(postgres.database().now(), "new");
    retry();

    assertThat(stored()).isEqualTo("new");
  }

  @Test
  void a_page_that_was_asked_for_before_it_came_is_no_newer_however_late_it_was_saved() {
    OffsetDateTime asked = postgres.database().now();
    receive("d1", "saved", "new", true);
    page(asked, "old");
    retry();

    assertThat(stored()).isEqualTo("new");
  }

  @Test
  void events_that_are_done_in_their_order_each_count() {
    for (String title : List.of("a", "b", "c")) {
      receive(title, "saved", title, false);
      assertThat(stored()).isEqualTo(title);
    }
    receive("gone", "gone", "", false);
    receive("again", "saved", "d", false);

    assertThat(stored()).isEqualTo("d");
  }
}

package dev.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeliveriesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final Duration TOOK = Duration.ofMillis(12);
  private static final Answered OK = status(200);

  private Deliveries deliveries;
  private PostgresOutbox outbox;
  private int dev;

  @BeforeEach
  void listen() {
    deliveries = newNode();
    outbox = new PostgresOutbox(deliveries);
    dev = postgres.environment();
    endpoints("http://one.example/hook", null);
  }

  private static Deliveries newNode() {
    return new Deliveries(postgres.database(), Backoff.overThreeDays(new Random(3)));
  }

  private static Answered status(int status) {
    return new Answered.Status(status, Optional.empty(), TOOK);
  }

  private void endpoints(String primary, String secondary) {
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "update environment set primary_url = ?, secondary_url = ? where id = ?",
                primary,
                secondary,
                dev));
  }

  private OutgoingMessage message(String override) {
    return new OutgoingMessage(
        dev, 7L, "sync", Json.object().put("type", "sync").put("added", 3), override);
  }

  private String write() {
    return write(message(null)).orElseThrow();
  }

  private Optional<String> write(OutgoingMessage message) {
    return postgres.database().inTransaction(handle -> outbox.write(handle, message));
  }

  private List<Map<String, Object>> rows(String sql) {
    return postgres.database().read(handle -> handle.createQuery(sql).mapToMap().list());
  }

  private void makeDue() {
    postgres
        .database()
        .useTransaction(handle -> handle.execute("update delivery set due_at = clock_timestamp()"));
  }

  @Test
  void a_message_of_a_transaction_that_rolls_back_was_never_there() {
    assertThatThrownBy(() ->
            postgres
                .database()
                .useTransaction(handle -> {
                  outbox.write(handle, message(null));
                  throw new IllegalStateException("the change failed");
                }))
        .hasMessage("the change failed");

    assertThat(deliveries.claim(10)).isEmpty();
    assertThat(rows("select * from message")).isEmpty();
  }

  @Test
  void a_message_goes_to_both_endpoints_or_only_to_the_override() {
    endpoints("http://one.example/hook", "http://two.example/hook");

    write();
    assertThat(deliveries.claim(10))
        .extracting(Delivery::url)
        .containsExactlyInAnyOrder("http://one.example/hook", "http://two.example/hook");

    write(message("http://mine.example/hook"));
    assertThat(deliveries.claim(10))
        .extracting(Delivery::url)
        .containsExactly("http://mine.example/hook");
  }

  @Test
  void a_webhook_that_does_not_open_any_more_holds_up_no_other() {
    String bad = write();
    write();
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute("update message set body = null, sealed = '\\x00' where id = ?", bad));

    List<Delivery> due = deliveries.claim(10);

    assertThat(due).hasSize(2);
    assertThatThrownBy(due.getFirst()::body).hasMessageContaining(bad);
    assertThat(due.getLast().body()).contains("\"added\":3");
  }

  @Test
  void nothing_is_written_when_nobody_listens() {
    endpoints(null, "");

    assertThat(write(message(null))).isEmpty();
    assertThat(rows("select * from message")).isEmpty();
  }

  @Test
  void a_delivered_webhook_is_not_sent_again_and_its_attempt_is_kept() {
    write();
    Delivery delivery = deliveries.claim(10).getFirst();

    assertThat(deliveries.book(delivery, OK)).isEqualTo(new Outcome.Delivered());

    makeDue();
    assertThat(deliveries.claim(10)).isEmpty();
    assertThat(rows("select number, status, took_ms, error from attempt")).hasSize(1);
    assertThat(rows("select number, status, took_ms, error from attempt").getFirst())
        .containsEntry("number", 1)
        .containsEntry("status", 200)
        .containsEntry("took_ms", 12L);
  }

  @Test
  void a_node_that_dies_between_sending_and_booking_has_the_same_id_and_bytes_sent_again() {
    var shortLived =
        new Deliveries(
            postgres.database(), Backoff.overThreeDays(new Random(3)), Duration.ofMillis(100));
    String id = write();
    Delivery died = shortLived.claim(10).getFirst();

    List<Delivery> again = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> again.addAll(deliveries.claim(10)));

    assertThat(again).hasSize(1);
    assertThat(again.getFirst().messageId()).isEqualTo(died.messageId()).isEqualTo(id);
    assertThat(again.getFirst().body())
        .isEqualTo(died.body())
        .isEqualTo("{\"added\":3,\"type\":\"sync\"}");
    assertThat(shortLived.book(died, OK)).isEqualTo(new Outcome.LeaseLost());
    assertThat(deliveries.book(again.getFirst(), OK)).isEqualTo(new Outcome.Delivered());
    assertThat(rows("select * from attempt")).hasSize(1);
  }

  @Test
  void two_nodes_never_hold_the_same_delivery() throws Exception {
    for (int i = 0; i < 400; i++) {
      write();
    }
    List<Long> claimed = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Deliveries node = newNode();
      nodes.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  go.await();
                  for (var some = node.claim(7); !some.isEmpty(); some = node.claim(7)) {
                    some.forEach(delivery -> claimed.add(delivery.id()));
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    go.countDown();
    for (Thread node : nodes) {
      assertThat(node.join(Duration.ofSeconds(30))).isTrue();
    }

    assertThat(claimed).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void a_refused_webhook_waits_longer_each_time_also_through_a_restart() {
    write();
    deliveries.book(deliveries.claim(10).getFirst(), status(500));
    assertThat(deliveries.claim(10)).isEmpty();
    makeDue();

    try (Database reopened = new Database(postgres.address(), Database.Limits.DEFAULT)) {
      var restarted = new Deliveries(reopened, Backoff.overThreeDays(new Random(3)));
      Delivery second = restarted.claim(10).getFirst();
      Outcome outcome = restarted.book(second, status(429));

      assertThat(second.tries()).isEqualTo(1);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Postponed.class,
              postponed ->
                  assertThat(postponed.pause())
                      .isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36)));
    }
    assertThat(
            rows(
                "select extract(epoch from due_at - clock_timestamp()) between 20 and 37 as later from delivery"))
        .containsExactly(Map.of("later", true));
  }

  @Test
  void retry_after_is_honoured_and_no_answer_is_a_try_too() {
    write();
    Answered asking = new Answered.Status(503, Optional.of(Duration.ofMinutes(9)), TOOK);
    Outcome waits = deliveries.book(deliveries.claim(10).getFirst(), asking);
    makeDue();
    deliveries.book(
        deliveries.claim(10).getFirst(), new Answered.Nothing("connection refused", TOOK));

    assertThat(waits).isEqualTo(new Outcome.Postponed(Duration.ofMinutes(9)));
    assertThat(rows("select error from attempt where status is null"))
        .containsExactly(Map.of("error", "connection refused"));
  }

  @Test
  void gone_means_never_again_and_so_does_the_thirteenth_refusal() {
    write();
    assertThat(deliveries.book(deliveries.claim(10).getFirst(), status(410)))
        .isEqualTo(new Outcome.Abandoned());

    write();
    Outcome last = null;
    for (int tries = 1; tries <= 13; tries++) {
      makeDue();
      last = deliveries.book(deliveries.claim(10).getFirst(), status(404));
    }

    assertThat(last).isEqualTo(new Outcome.Abandoned());
    makeDue();
    assertThat(deliveries.claim(10)).isEmpty();
    assertThat(rows("select * from attempt")).hasSize(14);
    assertThat(rows("select distinct state from delivery"))
        .containsExactly(Map.of("state", "abandoned"));
  }

  @Test
  void a_lease_given_back_is_due_at_once_and_counts_no_try() {
    write();
    Delivery first = deliveries.claim(10).getFirst();

    deliveries.release(first);

    assertThat(deliveries.claim(10).getFirst().tries()).isZero();
  }
}

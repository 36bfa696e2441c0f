package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.EmbeddedPostgres;
import dev.serai.support.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes away or refuses to write while a sync is under way; or Serai is told to stop. */
@Timeout(240)
class OutageTest {
  private static final String CONNECTION = "outage";
  private static final int TICKETS = 10_000;

  @TempDir Path folder;
  private EmbeddedPostgres postgres;
  private Cluster cluster;
  private SeraiProcess serai;

  @BeforeEach
  void start() {
    postgres = startPostgres();
    cluster = new Cluster(folder, postgres.address(), TICKETS);
    serai = cluster.node().start();
    cluster.ledger.open();
  }

  @AfterEach
  void stop() {
    cluster.close();
    postgres.close();
  }

  private EmbeddedPostgres startPostgres() {
    return EmbeddedPostgres.start(
        new EmbeddedPostgres.Options(folder.resolve("postgres"), TestServer.binaries(), false));
  }

  private void connectAndAwaitPages(int pages) {
    serai.api().connect("sample", CONNECTION, cluster.helpdesk.uri());
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> cluster.pageRequests() >= pages);
  }

  @Test
  @Tag("full")
  void while_postgresql_is_away_serai_is_not_ready_and_afterwards_nothing_is_missing() {
    connectAndAwaitPages(20);
    postgres.close();

    await().atMost(Duration.ofSeconds(10)).until(() -> serai.ready() == 503);
    assertThat(serai.readiness()).contains("\"database\"");
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(8))
        .until(() -> serai.isAlive() && serai.ready() == 503);
    postgres = startPostgres();

    await().atMost(Duration.ofSeconds(20)).until(() -> serai.ready() == 200);
    assertComplete(cluster.awaitRun(CONNECTION, "tickets", 1));
  }

  @Test
  @Tag("full")
  void while_postgresql_has_no_room_the_run_waits_and_then_goes_on() {
    cluster.ledger.execute(
        """
        create function full_disk() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$
        """);
    connectAndAwaitPages(10);
    cluster.ledger.execute(
        "create trigger full_disk before insert on record for each row execute function full_disk()");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> serai.logText().contains("No space left on device"));
    assertThat(serai.isAlive()).isTrue();
    assertThat(cluster.ledger.ended(CONNECTION, "tickets")).as("the run is not given up").isZero();

    cluster.ledger.execute("drop trigger full_disk on record");

    JsonNode run = cluster.awaitRun(CONNECTION, "tickets", 1);
    assertComplete(run);
    assertThat(run.path("takeovers").asInt()).isPositive();
  }

  @Test
  void told_to_stop_in_the_middle_of_a_sync_it_ends_within_ten_seconds_and_goes_on_later() {
    connectAndAwaitPages(20);
    long from = System.nanoTime();

    serai.send(Signal.TERM);

    int code = serai.awaitExit(Duration.ofSeconds(12));
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    assertThat(took).isLessThan(Duration.ofSeconds(10));
    assertThat(code).as(() -> "ended by SIGTERM\n" + serai.tail()).isEqualTo(128 + 15);
    long collection = cluster.ledger.collection(CONNECTION, "Ticket");
    int committed = cluster.ledger.entries(collection).size();
    assertThat(committed % 100).as("whole pages only: " + committed).isZero();
    assertThat(cluster.ledger.ended(CONNECTION, "tickets")).isZero();
    serai.start();
    assertComplete(cluster.awaitRun(CONNECTION, "tickets", 1));
    System.out.printf(
        "SIGTERM after %d of %d records: ended in %d ms, went on at its page%n",
        committed, TICKETS, took.toMillis());
  }

  @Test
  @Tag("full")
  void told_to_stop_while_the_provider_keeps_silent_it_does_not_wait_for_it() {
    cluster
        .helpdesk
        .control()
        .fault(
            Json.object()
                .put("kind", "silent")
                .put("path", "/v1/tickets")
                .put("skip", 20)
                .put("hold_ms", 60_000));
    connectAndAwaitPages(21);
    long from = System.nanoTime();

    serai.send(Signal.TERM);

    serai.awaitExit(Duration.ofSeconds(12));
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
    serai.start();
    assertComplete(cluster.awaitRun(CONNECTION, "tickets", 1));
  }

  private void assertComplete(JsonNode run) {
    assertThat(run.path("outcome").asText()).as(run.toString()).isEqualTo("success");
    assertThat(run.path("pages").asInt()).isEqualTo(TICKETS / 100);
    long collection = cluster.ledger.collection(CONNECTION, "Ticket");
    assertThat(cluster.ledger.entries(collection).stream().map(Ledger.Entry::version))
        .isEqualTo(LongStream.rangeClosed(1, TICKETS).boxed().toList());
    assertThat(
            Truth.compare(
                    cluster.helpdesk.control().truth(),
                    cluster.ledger.live(collection),
                    Truth::asTicket)
                .none())
        .isTrue();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.backend.announced("Ticket").added() == TICKETS);
  }
}

package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.DatabaseAddress;
import dev.serai.support.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is stopped past its lease (SIGSTOP: a frozen container, a machine asleep) and wakes
 * up in the belief that the sync is still its own.
 */
@Timeout(240)
class StoppedOwnerTest {
  private static final String NODE_1 = "one";
  private static final int TICKETS = 10_000;
  private static final int PAGES = TICKETS / 100;

  @TempDir Path folder;
  private DatabaseAddress database;
  private Cluster cluster;

  @BeforeEach
  void database() {
    database = TestServer.shared().emptyDatabase();
    cluster = new Cluster(folder, database, TICKETS);
  }

  @AfterEach
  void stop() {
    cluster.close();
    TestServer.shared().drop(database);
  }

  @Test
  void stopped_inside_its_transaction_it_blocks_nobody_and_writes_nothing_when_it_wakes()
      throws Exception {
    SeraiProcess owner = started();
    stopInsideTransaction(owner);
    long blocked = millisUntilTheCollectionCanBeLocked();
    assertThat(blocked).isLessThan(Cluster.TRANSACTION.plusMillis(1_500).toMillis());

    node().start();
    JsonNode run = cluster.awaitRun(NODE_1, "tickets", 1);
    assertComplete(run);
    List<String> before = everything();
    owner.send(Signal.CONT);
    awaitAwake(owner);

    assertThat(everything()).as("the woken owner wrote something").isEqualTo(before);
    System.out.printf(
        "stopped inside its transaction: row locks free after %d ms (transaction limit %d ms), taken over, nothing written on waking%n",
        blocked, Cluster.TRANSACTION.toMillis());
  }

  @Test
  @Tag("full")
  void stopped_inside_its_transaction_and_alone_it_goes_on_where_it_stood() throws Exception {
    SeraiProcess owner = started();
    stopInsideTransaction(owner);
    long blocked = millisUntilTheCollectionCanBeLocked();
    assertThat(blocked).isLessThan(Cluster.TRANSACTION.plusMillis(1_500).toMillis());
    awaitLeaseOver();

    owner.send(Signal.CONT);

    assertComplete(cluster.awaitRun(NODE_1, "tickets", 1));
  }

  @Test
  @Tag("full")
  void stopped_between_two_pages_it_writes_nothing_when_it_wakes() {
    SeraiProcess owner = started();
    await().atMost(Duration.ofSeconds(30)).until(() -> cluster.pageRequests() >= 20);
    owner.send(Signal.STOP);

    node().start();
    assertComplete(cluster.awaitRun(NODE_1, "tickets", 1));
    List<String> before = everything();
    owner.send(Signal.CONT);
    awaitAwake(owner);

    assertThat(everything()).as("the woken owner wrote something").isEqualTo(before);
  }

  /**
   * Its housekeeping rests: it would write to the collection too, and what is written here is to be
   * the owner's or nobody's.
   */
  private SeraiProcess node() {
    return cluster.node().with("SERAI_HOUSEKEEPING_CRON", "0 0 0 1 1 ? 2099");
  }

  private SeraiProcess started() {
    SeraiProcess owner = node().start();
    cluster.ledger.open();
    owner.api().connect("sample", NODE_1, cluster.helpdesk.uri());
    return owner;
  }

  /**
   * The test holds the collection's row until the owner's page transaction waits for it, stops the
   * owner, and lets go: the transaction goes on to the end of its statement and stays open.
   */
  private void stopInsideTransaction(SeraiProcess owner) throws SQLException {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> cluster.ledger.collection(NODE_1, "Ticket") > 0);
    try (Connection holder = cluster.ledger.connect()) {
      holder.setAutoCommit(false);
      holder
          .createStatement()
          .execute("select 1 from collection where model = 'Ticket' for update");
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> backends("wait_event_type = 'Lock'") > 0);
      owner.send(Signal.STOP);
      holder.rollback();
    }
    await()
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> backends("state = 'idle in transaction'") > 0);
  }

  private long backends(String condition) {
    return cluster.ledger.number(
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'serai-work' and "
            + condition);
  }

  private long millisUntilTheCollectionCanBeLocked() throws SQLException {
    long from = System.nanoTime();
    try (Connection other = cluster.ledger.connect()) {
      other.createStatement().execute("set lock_timeout = '20s'");
      other.createStatement().execute("select 1 from collection where model = 'Ticket' for update");
    }
    return Duration.ofNanos(System.nanoTime() - from).toMillis();
  }

  private void awaitLeaseOver() {
    await()
        .atMost(Cluster.LEASE.plusSeconds(5))
        .until(() ->
            cluster.ledger.number(
                    "select count(*) from sync where name = 'tickets' and lease_until > clock_timestamp()")
                == 0);
  }

  /** Awake is who has noticed that the world went on without him. */
  private static void awaitAwake(SeraiProcess owner) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            owner.ready() == 200
                && owner
                    .logText()
                    .matches("(?s).*(lease was lost|database is in trouble|not ended).*"));
  }

  private void assertComplete(JsonNode run) {
    assertThat(run.path("outcome").asText()).isEqualTo("success");
    assertThat(run.path("pages").asInt()).isEqualTo(PAGES);
    assertThat(run.path("added").asLong()).isEqualTo(TICKETS);
    long collection = cluster.ledger.collection(NODE_1, "Ticket");
    assertThat(cluster.ledger.entries(collection).stream().map(Ledger.Entry::version))
        .isEqualTo(LongStream.rangeClosed(1, TICKETS).boxed().toList());
    assertThat(
            Truth.compare(
                    cluster.helpdesk.control().truth(),
                    cluster.ledger.live(collection),
                    Truth::asTicket)
                .none())
        .isTrue();
  }

  /** All that a page or the end of a run would have changed. */
  private List<String> everything() {
    return cluster.ledger.list(
        """
        select 'ledger ' || count(*) || ' ' || coalesce(sum(version), 0) from ledger
        union all select 'record ' || count(*) || ' ' || max(xmin::text::bigint) from record
        union all select row_to_json(c)::text from collection c where model = 'Ticket'
        union all select row_to_json(r)::text from sync_run r join sync s on s.id = r.sync and s.name = 'tickets'
        union all select 'position ' || coalesce(position::text, '-') || ' ' || coalesce(checkpoint::text, '-') from sync where name = 'tickets'
        union all select 'message ' || count(*) from message where body::jsonb->>'model' = 'Ticket'
        """,
        row -> row.getString(1));
  }
}

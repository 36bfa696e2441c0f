package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.DatabaseAddress;
import dev.serai.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A list paged by offset whose rows are inserted, edited and deleted between its pages. */
@Tag("full")
@Timeout(300)
class MovingListTest {
  private static final String CONNECTION = "moving";
  private static final Map<String, String> MODELS =
      Map.of("anchored", "Anchored", "drifting", "Drifting", "verified", "Verified");
  private static final int TICKETS = 3_000;

  /** Fewer than three reads have pages: a list that moves with every request has no end. */
  private static final int MOVES = 150;

  @TempDir Path folder;
  private DatabaseAddress database;
  private Cluster cluster;
  private SeraiProcess serai;

  @BeforeEach
  void start() {
    database = TestServer.shared().emptyDatabase();
    cluster = new Cluster(folder, database, TICKETS);
    serai = cluster.node().start();
    cluster.ledger.open();
  }

  @AfterEach
  void stop() {
    cluster.close();
    TestServer.shared().drop(database);
  }

  @Test
  void nothing_is_lost_and_nothing_is_falsely_deleted() {
    cluster.helpdesk.control().drift(1, 3, 1, 1, MOVES);
    serai.api().connect("moving", CONNECTION, cluster.helpdesk.uri());
    MODELS.keySet().forEach(sync -> cluster.awaitRun(CONNECTION, sync, 1));
    cluster.helpdesk.control().drift(1, 3, 1, 1, MOVES);
    readAll(2);
    cluster.helpdesk.control().drift(1, 0, 0, 0, 0);
    ObjectNode quiet = cluster.helpdesk.control().truth();

    // One quiet full read finds every row. A drifting chain believes in a deletion when a second
    // read misses the row as well.
    readAll(3);
    MODELS.forEach((sync, model) -> {
      Truth.Difference difference = difference(quiet, model);
      assertThat(difference.lost())
          .as(() -> sync + ": lost; " + cluster.ledger.runs(CONNECTION, sync))
          .isEmpty();
      assertThat(difference.different()).as(sync + ": different").isEmpty();
      assertThat(falselyDeleted(quiet, model)).as(sync + ": falsely deleted").isEmpty();
    });
    readAll(4);
    MODELS.forEach((sync, model) -> {
      Truth.Difference difference = difference(quiet, model);
      assertThat(difference.none()).as(sync + ": " + difference).isTrue();
      Changes changes = cluster.ledger.changes(cluster.ledger.collection(CONNECTION, model));
      System.out.printf(
          "moving list, %s: %s over two moving and two quiet reads; 0 lost, 0 falsely deleted%n",
          sync, changes);
      assertThat(changes.deleted()).as("something was deleted while it was read").isPositive();
    });
  }

  private void readAll(int run) {
    MODELS
        .keySet()
        .forEach(sync -> serai.api().trigger("moving", CONNECTION, sync, "full_refresh"));
    MODELS
        .keySet()
        .forEach(sync -> {
          var ended = cluster.awaitRun(CONNECTION, sync, run);
          assertThat(ended.path("outcome").asText()).as(sync + ": " + ended).isEqualTo("success");
          assertThat(ended.path("held").asLong()).isZero();
        });
  }

  private Truth.Difference difference(ObjectNode truth, String model) {
    return Truth.compare(
        truth,
        cluster.ledger.live(cluster.ledger.collection(CONNECTION, model)),
        raw -> ((ObjectNode) raw.deepCopy()).put("id", raw.path("id").asText()));
  }

  /** Ids that were ever recorded as deleted although the helpdesk still has them. */
  private List<String> falselyDeleted(ObjectNode truth, String model) {
    TreeSet<String> deleted = new TreeSet<>();
    cluster.ledger.entries(cluster.ledger.collection(CONNECTION, model)).stream()
        .filter(entry -> entry.action() == 'd')
        .forEach(entry -> deleted.add(entry.id()));
    deleted.removeIf(id -> !truth.has(id));
    return List.copyOf(deleted);
  }
}

package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.reliability.Ledger.Entry;
import dev.serai.reliability.Ordeal.Victim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments, then I1 to I4 of the design against the helpdesk's truth. The
 * moments come from a seed; another one: {@code -Dserai.seed=…}.
 */
class KillTest {
  private static final long SEED = Long.getLong("serai.seed", 20_261_101);
  private static final int PAGE = 100;

  @TempDir Path folder;

  @Test
  @Timeout(240)
  void five_kills_lose_nothing_and_double_nothing() {
    try (Ordeal ordeal = new Ordeal(folder, SEED, 5_000)) {
      survive(ordeal, 5_000, ordeal.victims(2, 1), ordeal.victims(1, 1));
    }
  }

  @Test
  @Tag("full")
  @Timeout(900)
  void fifty_two_kills_of_serai_and_eight_of_postgresql_lose_nothing_and_double_nothing() {
    try (Ordeal ordeal = new Ordeal(folder, SEED, 20_000)) {
      survive(ordeal, 20_000, ordeal.victims(26, 4), ordeal.victims(26, 4));
    }
  }

  private void survive(Ordeal ordeal, int tickets, List<Victim> first, List<Victim> second) {
    ordeal.serai.start();
    ordeal.ledger.open();
    ordeal.backend.refuse(2);

    ordeal.serai.api().connect("sample", Ordeal.CONNECTION, ordeal.helpdesk.uri());
    ordeal.kill(first, tickets / PAGE);
    JsonNode initial = ordeal.awaitRun(1);

    assertThat(initial.path("outcome").asText()).isEqualTo("success");
    assertThat(initial.path("pages").asInt()).as("no page counts twice").isEqualTo(tickets / PAGE);
    Changes everything = new Changes(tickets, 0, 0);
    holds(ordeal, everything, everything);
    report("initial read", ordeal, first, initial);

    ObjectNode before = ordeal.helpdesk.control().truth();
    ordeal.helpdesk.control().edit(tickets / 20);
    ordeal.helpdesk.control().insert(tickets / 40);
    // One more: a list that ends after exactly 5,000 records is not believed.
    ordeal.helpdesk.control().delete(tickets / 40 + 1);
    Changes lived = Changes.between(before, ordeal.helpdesk.control().truth());
    ordeal.helpdesk.control().forgetRequests();
    ordeal.serai.api().trigger("sample", Ordeal.CONNECTION, "tickets", "full_refresh");
    ordeal.kill(second, tickets / PAGE);
    JsonNode full = ordeal.awaitRun(2);

    assertThat(full.path("outcome").asText()).isEqualTo("success");
    assertThat(full.path("mode").asText()).isEqualTo("full");
    holds(ordeal, lived, everything.plus(lived));
    report("full read", ordeal, second, full);
  }

  /** I1 to I4, after a run. */
  private static void holds(Ordeal ordeal, Changes ofRun, Changes ofAll) {
    Ledger ledger = ordeal.ledger;
    long collection = ledger.collection(Ordeal.CONNECTION, "Ticket");
    Truth.Difference difference =
        Truth.compare(ordeal.helpdesk.control().truth(), ledger.live(collection), Truth::asTicket);
    assertThat(difference.lost()).as("lost").isEmpty();
    assertThat(difference.spurious()).as("spurious").isEmpty();
    assertThat(difference.different()).as("different").isEmpty();

    List<Entry> entries = ledger.entries(collection);
    assertThat(entries.stream().map(Entry::version))
        .as("every version once, none left out")
        .isEqualTo(LongStream.rangeClosed(1, ofAll.sum()).boxed().toList());
    assertThat(ledger.version(collection)).isEqualTo(ofAll.sum());
    assertThat(ledger.changes(collection)).isEqualTo(ofAll);
    List<JsonNode> runs = ledger.runs(Ordeal.CONNECTION, "tickets");
    assertThat(counted(runs.getLast())).as("the run's own counts").isEqualTo(ofRun);

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ordeal.backend.announced("Ticket").sum() >= ofAll.sum());
    assertThat(ordeal.backend.announced("Ticket")).as("announced").isEqualTo(ofAll);
    assertThat(ordeal.backend.changed()).as("ids that came with two contents").isEmpty();
    assertThat(ledger.number("select count(*) from message where body::jsonb->>'model' = 'Ticket'"))
        .isEqualTo(ordeal.backend.about("Ticket").size());
  }

  private static Changes counted(JsonNode run) {
    return new Changes(
        run.path("added").asLong(), run.path("updated").asLong(), run.path("deleted").asLong());
  }

  private static void report(String what, Ordeal ordeal, List<Victim> victims, JsonNode run) {
    long serais = victims.stream().filter(v -> v == Victim.SERAI).count();
    long postgreses = victims.size() - serais;
    long repeated = ordeal.repeatedPages();
    System.out.printf(
        "kill test, seed %d, %s: %d kills of Serai, %d of PostgreSQL; %d pages, %d takeovers, %d page requests repeated; 0 lost, 0 spurious, 0 doubled%n",
        SEED,
        what,
        serais,
        postgreses,
        run.path("pages").asInt(),
        run.path("takeovers").asInt(),
        repeated);
    assertThat(repeated)
        .as("a kill costs the page in work and the one fetched ahead of it, no more")
        .isLessThanOrEqualTo(2L * victims.size());
  }
}

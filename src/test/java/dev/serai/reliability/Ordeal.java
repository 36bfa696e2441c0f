package dev.serai.reliability;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.sample.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A helpdesk, a backend and a Serai between them that is killed at random moments while it reads.
 * The helpdesk lives in the test's process: its truth survives every kill.
 */
final class Ordeal implements AutoCloseable {
  static final String CONNECTION = "ordeal";
  private static final String PAGES = "GET /v1/tickets?";

  final Simulator helpdesk;
  final Receiver backend = new Receiver();
  final SeraiProcess serai;
  final Ledger ledger;
  private final Random random;

  Ordeal(Path folder, long seed, int tickets) {
    try {
      helpdesk = Simulator.start(Simulator.Options.TESTS.withTickets(tickets).withSeed(seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    random = new Random(seed);
    serai =
        new SeraiProcess(folder)
            .with("SERAI_WEBHOOK_URL", backend.uri().toString())
            .with(
                "SERAI_OUTGOING_ALLOW",
                "127.0.0.1:" + helpdesk.uri().getPort() + "," + backend.address());
    ledger = new Ledger(serai::database);
  }

  /** What is killed. */
  enum Victim {
    SERAI,
    POSTGRES
  }

  List<Victim> victims(int serais, int postgreses) {
    List<Victim> victims = new ArrayList<>(Collections.nCopies(serais, Victim.SERAI));
    victims.addAll(Collections.nCopies(postgreses, Victim.POSTGRES));
    Collections.shuffle(victims, random);
    return victims;
  }

  /**
   * Kills each victim after a few more pages were asked for, a few milliseconds into the page: in
   * the middle of a fetch, a mapping, a transaction. A killed Serai is started again.
   *
   * @param pages how many pages the read has
   */
  void kill(List<Victim> victims, int pages) {
    int most = Math.max(2, pages / (victims.size() + 1));
    for (Victim victim : victims) {
      long target = pageRequests() + 1 + random.nextInt(most);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(3))
          .failFast("Serai ended by itself", () -> !serai.isAlive())
          .until(() -> pageRequests() >= target);
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(30_000)));
      kill(victim);
    }
  }

  private void kill(Victim victim) {
    switch (victim) {
      case SERAI -> {
        serai.kill();
        serai.start();
      }
      case POSTGRES -> {
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> serai.postgres().isPresent());
        OptionalLong postmaster = serai.postgres();
        Signal.KILL.send(postmaster.getAsLong());
      }
    }
  }

  /** How often pages of tickets were asked for. */
  long pageRequests() {
    long sum = 0;
    for (var entry : helpdesk.control().requests().path("by_target").properties()) {
      if (entry.getKey().startsWith(PAGES)) {
        sum += entry.getValue().asLong();
      }
    }
    return sum;
  }

  /** How often a page was asked for again. */
  long repeatedPages() {
    long repeated = 0;
    for (var entry : helpdesk.control().requests().path("by_target").properties()) {
      if (entry.getKey().startsWith(PAGES)) {
        repeated += entry.getValue().asLong() - 1;
      }
    }
    return repeated;
  }

  /** Waits until so many runs of the tickets have ended; the last one. */
  JsonNode awaitRun(int count) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> ledger.ended(CONNECTION, "tickets") >= count);
    return ledger.runs(CONNECTION, "tickets").get(count - 1);
  }

  @Override
  public void close() {
    serai.close();
    helpdesk.close();
    backend.close();
  }
}

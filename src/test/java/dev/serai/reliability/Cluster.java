package dev.serai.reliability;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes on one PostgreSQL, a helpdesk and a backend. Leases are as short as settings allow: 4 s,
 * hence 2 s for a transaction, 1 s of it idle or waiting for a lock.
 */
final class Cluster implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(4);
  static final Duration TRANSACTION = Duration.ofSeconds(2);
  static final Path PROVIDERS = Path.of("src/test/providers").toAbsolutePath();

  final Simulator helpdesk;
  final Receiver backend = new Receiver();
  final Ledger ledger;
  final List<SeraiProcess> nodes = new ArrayList<>();
  private final Path folder;
  private final DatabaseAddress database;

  Cluster(Path folder, DatabaseAddress database, int tickets) {
    this.folder = folder;
    this.database = database;
    this.ledger = new Ledger(() -> database);
    try {
      helpdesk = Simulator.start(Simulator.Options.TESTS.withTickets(tickets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SeraiProcess node() {
    SeraiProcess node =
        new SeraiProcess(folder.resolve("node-" + (nodes.size() + 1)))
            .with(database)
            .with("SERAI_NODE", "node-" + (nodes.size() + 1))
            .with("SERAI_PROVIDERS", PROVIDERS.toString())
            .with("SERAI_WEBHOOK_URL", backend.uri().toString())
            .with("SERAI_SYNC_LEASE", LEASE.toSeconds() + "s")
            .with("SERAI_SYNC_HEARTBEAT", "1s")
            .with(
                "SERAI_OUTGOING_ALLOW",
                "127.0.0.1:" + helpdesk.uri().getPort() + "," + backend.address());
    nodes.add(node);
    return node;
  }

  /** How often lists of tickets were asked for. */
  long pageRequests() {
    long sum = 0;
    for (var entry : helpdesk.control().requests().path("by_target").properties()) {
      if (entry.getKey().startsWith("GET /v1/tickets?")) {
        sum += entry.getValue().asLong();
      }
    }
    return sum;
  }

  JsonNode awaitRun(String connection, String sync, int count) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> ledger.ended(connection, sync) >= count);
    return ledger.runs(connection, sync).get(count - 1);
  }

  @Override
  public void close() {
    nodes.forEach(SeraiProcess::close);
    helpdesk.close();
    backend.close();
  }
}

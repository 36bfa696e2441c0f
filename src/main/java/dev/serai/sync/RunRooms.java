package dev.serai.sync;

import dev.serai.database.Database;
import dev.serai.stream.Streams;
import java.util.concurrent.ExecutorService;

/** What every run of a node shares. */
record RunRooms(
    Database database,
    Streams streams,
    PageCommit commit,
    Deletions deletions,
    ByteBudget budget,
    ExecutorService fetches) {

  static RunRooms of(SyncWiring wiring, RunStore runs, ExecutorService fetches) {
    return new RunRooms(
        wiring.database(),
        wiring.streams(),
        new PageCommit(wiring.database(), runs, wiring.writer(), wiring.concurrentCommits()),
        new Deletions(wiring.database(), runs, wiring.writer(), wiring.streams()),
        new ByteBudget(wiring.settings().bytesInFlight()),
        fetches);
  }
}

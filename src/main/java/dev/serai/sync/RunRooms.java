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
    ExecutorService fetches) {}

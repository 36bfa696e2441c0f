package dev.serai.sync;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.record.Announcements;
import dev.serai.record.RecordWriter;
import dev.serai.stream.Streams;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * What the engine is made of.
 *
 * @param connections a connection by row id; empty if it was deleted
 * @param fingerprints provider → a text that changes when its mappings, models or streams change,
 *     which makes the next read a full one
 * @param observer told of ended runs, for metrics
 * @param concurrentCommits pages in their transaction at once; below the work pool's size
 */
public record SyncWiring(
    RunSettings settings,
    Database database,
    SyncRegistry registry,
    Streams streams,
    RecordWriter writer,
    Announcements announcements,
    Outbox outbox,
    CollectionEmptier emptier,
    LongFunction<Optional<Connection>> connections,
    Function<String, String> fingerprints,
    RunObserver observer,
    int concurrentCommits,
    InstantSource clock) {}

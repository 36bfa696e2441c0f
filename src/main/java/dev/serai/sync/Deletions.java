package dev.serai.sync;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter;
import dev.serai.stream.Streams;
import dev.serai.stream.Streams.Deletes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Deletions by full read, proven (design.md §6): a row goes only if a complete read missed it and
 * nobody changed it since that read began. Chains that drift, and reads with an empty page, only
 * nominate: then a second complete read must miss the row too, or the provider itself must say that
 * it is gone. A read that misses too much, or ends where a limit of the provider's may be, is not
 * believed.
 *
 * <p>Every step is a fenced transaction of its own and may be repeated after a crash.
 */
final class Deletions {
  /** Rows looked at in one transaction: a second or two of it. */
  private static final int LOOKED_AT = 100_000;

  private static final int CHUNK = 500;
  private static final int VERIFIED_CHUNK = 50;

  private final Database database;
  private final RunStore runs;
  private final RecordWriter writer;
  private final Streams streams;
  private final MissingRows missing;
  private final DeletionStore store = new DeletionStore();

  Deletions(Database database, RunStore runs, RecordWriter writer, Streams streams) {
    this.database = database;
    this.runs = runs;
    this.writer = writer;
    this.streams = streams;
    this.missing = new MissingRows(database, runs, writer, LOOKED_AT);
  }

  /** False: the lease was lost. */
  boolean carryOut(Lease lease, Run run, Connection connection, Streams.Facts facts) {
    if (!run.full()) {
      return true;
    }
    int misses = missing.misses(run, facts);
    if (run.candidates() == null
        && !missing.find(new MissingRows.Read(lease, run, facts, misses))) {
      return false;
    }
    for (long collection : new TreeSet<>(run.baseline().keySet())) {
      if (!delete(lease, run, connection, facts, collection, misses)) {
        return false;
      }
    }
    return true;
  }

  private boolean delete(
      Lease lease,
      Run run,
      Connection connection,
      Streams.Facts facts,
      long collection,
      int misses) {
    boolean verify = facts.deletes() == Deletes.VERIFY;
    int limit = verify ? VERIFIED_CHUNK : CHUNK;
    String after = "";
    while (true) {
      String from = after;
      DeletionStore.Chunk chunk =
          database.read(handle -> store.chunk(handle, run.id(), collection, from, misses, limit));
      if (chunk.externalIds().isEmpty()) {
        return true;
      }
      List<String> gone = verify ? confirmed(connection, lease, chunk) : chunk.externalIds();
      if (!delete(lease, run, chunk, gone)) {
        return false;
      }
      after = chunk.externalIds().getLast();
    }
  }

  private List<String> confirmed(Connection connection, Lease lease, DeletionStore.Chunk chunk) {
    List<String> gone = new ArrayList<>();
    for (String id : chunk.externalIds()) {
      if (streams.gone(connection, lease.name(), id)) {
        gone.add(id);
      }
    }
    return gone;
  }

  private boolean delete(Lease lease, Run run, DeletionStore.Chunk chunk, List<String> gone) {
    long baseline = run.baseline().getOrDefault(chunk.collection(), -1L);
    return fenced(
        lease,
        handle -> {
          long deleted =
              gone.isEmpty() ? 0 : writer.deleteMissing(handle, chunk.collection(), gone, baseline);
          store.book(handle, run.id(), chunk.collection(), deleted);
          store.done(handle, run.id(), chunk);
        });
  }

  private boolean fenced(Lease lease, java.util.function.Consumer<Handle> work) {
    return database.inTransaction(handle -> {
      if (runs.fence(handle, lease).isEmpty()) {
        return false;
      }
      work.accept(handle);
      return true;
    });
  }
}

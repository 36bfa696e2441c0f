package dev.serai.sync;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter;
import dev.serai.stream.Streams;
import dev.serai.stream.Streams.Deletes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletions by full read, proven (design.md §6): a row goes only if a complete read missed it and
 * nobody changed it since that read began. Chains that drift only nominate: then a second complete
 * read must miss the row too, or the provider itself must say that it is gone. A read that misses
 * too much is not believed.
 *
 * <p>Every step is a fenced transaction of its own and may be repeated after a crash.
 */
final class Deletions {
  private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);
  private static final int CHUNK = 500;
  private static final int VERIFIED_CHUNK = 50;

  private final Database database;
  private final RunStore runs;
  private final RecordWriter writer;
  private final Streams streams;
  private final DeletionStore store = new DeletionStore();

  Deletions(Database database, RunStore runs, RecordWriter writer, Streams streams) {
    this.database = database;
    this.runs = runs;
    this.writer = writer;
    this.streams = streams;
  }

  /** False: the lease was lost. */
  boolean carryOut(Lease lease, Run run, Connection connection, Streams.Facts facts) {
    if (!run.full()) {
      return true;
    }
    int misses = run.drifting() && facts.deletes() == Deletes.FULL_DIFF ? 2 : 1;
    if (run.candidates() == null && !lookFor(lease, run, connection, facts, misses)) {
      return false;
    }
    boolean verify = facts.deletes() == Deletes.VERIFY;
    while (true) {
      DeletionStore.Chunk chunk =
          database.read(
              handle -> store.chunk(handle, run.id(), misses, verify ? VERIFIED_CHUNK : CHUNK));
      if (chunk.externalIds().isEmpty()) {
        return true;
      }
      List<String> gone = verify ? confirmed(connection, lease, chunk) : chunk.externalIds();
      if (!delete(lease, run, chunk, gone)) {
        return false;
      }
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

  private boolean lookFor(
      Lease lease, Run run, Connection connection, Streams.Facts facts, int misses) {
    return fenced(
        lease,
        handle -> {
          Findings found = new Findings();
          if (store.everyPageSeen(handle, run.id())) {
            run.baseline()
                .forEach((collection, version) ->
                    lookAt(handle, lease, run, collection, version, facts, misses, found));
          } else {
            found.warnings.add("a page left no mark: deletions are not looked for");
          }
          store.found(handle, run.id(), found.candidates, found.held, found.warning());
          if (!found.warnings.isEmpty()) {
            LOG.warn("{} run {}: {}", connection.label(), run.id(), found.warning());
          }
        });
  }

  private void lookAt(
      Handle handle,
      Lease lease,
      Run run,
      long collection,
      long baseline,
      Streams.Facts facts,
      int misses,
      Findings found) {
    String stream = lease.name();
    writer.forgetQuarantine(handle, collection, stream, run.id());
    if (facts.deletes() != Deletes.FULL_DIFF && facts.deletes() != Deletes.VERIFY) {
      return;
    }
    store.nominate(handle, run.id(), collection, stream, baseline);
    store.forgetOthers(handle, run.id(), collection, stream);
    DeletionStore.Missing missing = store.missing(handle, run.id(), collection, stream, misses);
    Optional<String> doubt =
        writer.metUnidentified(handle, collection, run.id()) && missing.candidates() > 0
            ? Optional.of(
                "deletions_held: a record came without an id and may be any of the %d missing ones"
                    .formatted(missing.candidates()))
            : doubt(missing, facts);
    if (doubt.isPresent()) {
      store.drop(handle, run.id(), collection);
      found.held += missing.candidates();
      found.warnings.add(doubt.get());
    } else {
      found.candidates += missing.candidates();
    }
  }

  /** What looking for missing rows has brought to light, over all collections of a run. */
  private static final class Findings {
    private final List<String> warnings = new ArrayList<>();
    private long candidates;
    private long held;

    private @Nullable String warning() {
      return warnings.isEmpty() ? null : String.join("; ", warnings);
    }
  }

  private static Optional<String> doubt(DeletionStore.Missing missing, Streams.Facts facts) {
    if (missing.candidates() == 0) {
      return Optional.empty();
    }
    if (missing.nothingSeen()) {
      return Optional.of(
          "deletions_held: the read was empty but %d records are live; none is deleted"
              .formatted(missing.live()));
    }
    if (missing.candidates() > facts.maxDeleteRatio() * missing.live()) {
      return Optional.of(
          "deletions_held: %d of %d records are missing, more than max_delete_ratio %s; none is deleted"
              .formatted(missing.candidates(), missing.live(), facts.maxDeleteRatio()));
    }
    return Optional.empty();
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

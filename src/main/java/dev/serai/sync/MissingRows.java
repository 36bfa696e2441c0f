package dev.serai.sync;

import dev.serai.database.Database;
import dev.serai.record.RecordWriter;
import dev.serai.stream.Streams;
import dev.serai.stream.Streams.Deletes;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the rows that a full read missed and decides whether to believe it. Goes through a
 * collection in ranges of its ids, each a fenced transaction that also keeps how far the search has
 * come: none is long, however large the collection, and a crash repeats nothing.
 */
final class MissingRows {
  private static final Logger LOG = LoggerFactory.getLogger(MissingRows.class);

  private final Database database;
  private final RunStore runs;
  private final RecordWriter writer;
  private final MissingStore store = new MissingStore();
  private final int rows;

  /**
   * @param rows how many are looked at in one transaction
   */
  MissingRows(Database database, RunStore runs, RecordWriter writer, int rows) {
    this.database = database;
    this.runs = runs;
    this.writer = writer;
    this.rows = rows;
  }

  /**
   * A read whose rows are looked at.
   *
   * @param misses how many complete reads in a row must miss a row
   */
  record Read(Lease lease, Run run, Streams.Facts facts, int misses) {
    boolean deletes() {
      return facts.deletes() == Deletes.FULL_DIFF || facts.deletes() == Deletes.VERIFY;
    }
  }

  /**
   * How many reads must miss a row. Chains that drift can skip rows, and so can one with an empty
   * page: what was on it may have been hidden, or the list may have broken off there.
   */
  int misses(Run run, Streams.Facts facts) {
    boolean certain =
        facts.deletes() != Deletes.FULL_DIFF
            || (!run.drifting() && !database.read(handle -> store.emptyPage(handle, run.id())));
    return certain ? 1 : 2;
  }

  /** False: the lease was lost. */
  boolean find(Read read) {
    Optional<Looking> at = Optional.of(Looking.of(read.run().position()));
    while (at.isPresent()) {
      Looking from = at.get();
      Optional<Optional<Looking>> next = step(read, from);
      if (next.isEmpty()) {
        return false;
      }
      at = next.get();
    }
    return true;
  }

  /** One transaction: where the search stands after it, empty at its end; or the lease was lost. */
  Optional<Optional<Looking>> step(Read read, Looking from) {
    return database.inTransaction(handle -> {
      if (runs.fence(handle, read.lease()).isEmpty()) {
        return Optional.empty();
      }
      Looking at = look(handle, read, from);
      if (at.collection() < Long.MAX_VALUE) {
        store.move(handle, read.lease().sync(), at.position());
        return Optional.of(Optional.of(at));
      }
      end(handle, read, at);
      return Optional.of(Optional.empty());
    });
  }

  private Looking look(Handle handle, Read read, Looking from) {
    if (from.collection() == 0) {
      return store.everyPageSeen(handle, read.run().id())
          ? next(read, from)
          : from.doubted("a page left no mark: deletions are not looked for").at(Long.MAX_VALUE);
    }
    if (from.dropping()) {
      boolean more = store.drop(handle, read.run().id(), from.collection(), rows) > 0;
      return more ? from : next(read, from);
    }
    if (from.after().isEmpty()) {
      writer.forgetQuarantine(handle, from.collection(), read.lease().name(), read.run().id());
    }
    return read.deletes() ? range(handle, read, from) : next(read, from);
  }

  private static Looking next(Read read, Looking from) {
    Long following = new TreeSet<>(read.run().baseline().keySet()).higher(from.collection());
    return from.at(following == null ? Long.MAX_VALUE : following);
  }

  private Looking range(Handle handle, Read read, Looking from) {
    long collection = from.collection();
    long run = read.run().id();
    String stream = read.lease().name();
    String after = from.after();
    @Nullable String through = store.rangeEnd(handle, collection, after, rows).orElse(null);
    MissingStore.Range range =
        store.nominate(handle, read.run(), collection, stream, after, through, read.misses());
    store.forgetOthers(handle, run, collection, stream, after, through);
    Looking at = from.through(through == null ? after : through, range);
    if (through != null) {
      return at;
    }
    Optional<String> doubt = doubt(handle, read, at);
    return doubt.isPresent() ? at.doubted(doubt.get()) : next(read, at.believed());
  }

  // Also of a read that only nominates: two that miss half of a list each must not agree on the
  // rest.
  private Optional<String> doubt(Handle handle, Read read, Looking at) {
    if (at.missed() == 0) {
      return Optional.empty();
    }
    long listed = store.listed(handle, read.run().id(), at.collection());
    double ratio = read.facts().maxDeleteRatio();
    String why = null;
    if (writer.metUnidentified(handle, at.collection(), read.run().id())) {
      why =
          "a record came without an id and may be any of the %d missing ones"
              .formatted(at.missed());
    } else if (listed == 0) {
      why = "the read was empty but %d records are live; none is deleted".formatted(at.live());
    } else if (at.missed() > ratio * at.live()) {
      why =
          "%d of %d records are missing, more than max_delete_ratio %s; none is deleted"
              .formatted(at.missed(), at.live(), ratio);
    } else if (read.facts().deletes() == Deletes.FULL_DIFF && Ceiling.looksLike(listed)) {
      why =
          "the list ended after exactly %,d records, which looks like a limit of the provider's, and %d are missing; none is deleted"
              .formatted(listed, at.missed());
    }
    return Optional.ofNullable(why).map(text -> "deletions_held: " + text);
  }

  private void end(Handle handle, Read read, Looking at) {
    String warning = at.warnings().isEmpty() ? null : String.join("; ", at.warnings());
    store.found(handle, read.run().id(), at.found(), at.held(), warning);
    store.move(handle, read.lease().sync(), null);
    if (warning != null) {
      LOG.warn("sync {} run {}: {}", read.lease().key(), read.run().id(), warning);
    }
  }
}

package dev.serai.sync;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;

/**
 * One page, one transaction (I3): fence, record diff, position, counts and what a full read saw.
 * Either all of it is there or nothing is. Thread-safe.
 */
final class PageCommit {
  /** What came of it. */
  enum Result {
    COMMITTED,
    /** Committed, and somebody paused the sync meanwhile: stop here. */
    COMMITTED_THEN_STOP,
    /** Nothing was written: the lease belongs to somebody else. */
    LEASE_LOST
  }

  private final Database database;
  private final RunStore runs;
  private final PageStore pages = new PageStore();
  private final RecordWriter writer;
  private final Semaphore commits;

  /**
   * @param concurrent how many pages may be in their transaction at once; below the work pool's
   *     size
   */
  PageCommit(Database database, RunStore runs, RecordWriter writer, int concurrent) {
    this.database = database;
    this.runs = runs;
    this.writer = writer;
    this.commits = new Semaphore(concurrent, true);
  }

  Result commit(
      Lease lease, Run run, Connection connection, Prefetch.Fetched fetched, List<Batch> batches)
      throws InterruptedException {
    Prepared prepared =
        writer.prepare(
            new Write(
                connection.id(),
                lease.variant(),
                lease.name(),
                "",
                Writer.PAGE,
                fetched.noted(),
                run.id(),
                batches));
    commits.acquire();
    try {
      return database.inTransaction(handle -> write(handle, lease, run, fetched, prepared));
    } finally {
      commits.release();
    }
  }

  private Result write(
      Handle handle, Lease lease, Run run, Prefetch.Fetched fetched, Prepared prepared) {
    var fenced = runs.fence(handle, lease);
    if (fenced.isEmpty()) {
      return Result.LEASE_LOST;
    }
    Counts counts = writer.commit(handle, prepared);
    int page =
        pages.page(
            handle,
            lease,
            run.id(),
            fetched.page().position(),
            fetched.page().checkpoint(),
            counts,
            prepared.seen().keySet());
    if (run.full()) {
      pages.seen(handle, run.id(), page, seen(run, fetched, prepared));
    }
    return fenced.get().active() ? Result.COMMITTED : Result.COMMITTED_THEN_STOP;
  }

  // An id that the read brought but the route did not hand over (filtered) was seen all the same:
  // it counts for every collection, because only the route knows which model it would have been.
  private static Map<Long, Set<String>> seen(Run run, Prefetch.Fetched fetched, Prepared prepared) {
    Map<Long, Set<String>> seen = new HashMap<>();
    prepared.seen().forEach((collection, ids) -> seen.put(collection, new HashSet<>(ids)));
    if (!fetched.page().seenIds().isEmpty()) {
      run.baseline().keySet().forEach(c -> seen.computeIfAbsent(c, x -> new HashSet<>()));
      seen.values().forEach(ids -> ids.addAll(fetched.page().seenIds()));
    }
    return seen;
  }
}

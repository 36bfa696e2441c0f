package dev.serai.sync;

import dev.serai.database.Database;
import dev.serai.stream.StreamPage;
import dev.serai.stream.StreamReader;
import java.time.OffsetDateTime;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the page after the one in work, one ahead and no more. The database's time is noted
 * before each request: what another writer changes after it is newer than the page. Used by one
 * run.
 */
final class Prefetch {
  private final StreamReader reader;
  private final Database database;
  private final ByteBudget budget;
  private final ExecutorService threads;
  private @Nullable Future<Fetched> ahead;
  private ByteBudget.@Nullable Permit answer;
  private @Nullable OffsetDateTime noted;
  private boolean closed;

  /**
   * @param noted from before the request that brought it
   * @param former the room of the answer before this one, whose last batch is committed by now
   */
  record Fetched(StreamPage page, OffsetDateTime noted, ByteBudget.@Nullable Permit former) {
    void releaseFormer() {
      if (former != null) {
        former.release();
      }
    }
  }

  Prefetch(StreamReader reader, Database database, ByteBudget budget, ExecutorService threads) {
    this.reader = reader;
    this.database = database;
    this.budget = budget;
    this.threads = threads;
  }

  /** The next page; while the caller works on it, the one after it is already on its way. */
  Fetched next() throws InterruptedException, ExecutionException {
    Future<Fetched> current = ahead == null ? threads.submit(this::read) : ahead;
    ahead = current;
    Fetched fetched = current.get();
    ahead = fetched.page().last() ? null : threads.submit(this::read);
    return fetched;
  }

  // Batches of one answer share its room and its noted time. Which batch is an answer's last shows
  // only when the next answer has come; that one carries the room that can be given back.
  private Fetched read() throws InterruptedException {
    OffsetDateTime now = database.now();
    StreamPage page = reader.next();
    if (page.bytes() == 0 && noted != null) {
      return new Fetched(page, noted, null);
    }
    ByteBudget.Permit before = answer;
    noted = now;
    keep(budget.take(page.bytes()));
    return new Fetched(page, now, before);
  }

  // A fetch that outlives its run must not keep room that nobody would give back.
  private synchronized void keep(ByteBudget.Permit permit) {
    if (closed) {
      permit.release();
    }
    answer = permit;
  }

  /** Stops what is under way, a request that nobody answers included, and gives all room back. */
  synchronized void close() {
    closed = true;
    if (ahead != null) {
      ahead.cancel(true);
    }
    if (answer != null) {
      answer.release();
    }
  }
}

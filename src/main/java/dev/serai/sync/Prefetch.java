package dev.serai.sync;

import dev.serai.database.Database;
import dev.serai.stream.StreamPage;
import dev.serai.stream.StreamReader;
import java.time.OffsetDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the page after the one in work, one ahead and no more. The database's time is noted
 * before each request: what another writer changes after it is newer than the page. One run, one
 * thread.
 */
final class Prefetch {
  private final StreamReader reader;
  private final Database database;
  private final ByteBudget budget;
  private final Executor threads;
  private @Nullable CompletableFuture<Fetched> ahead;
  private ByteBudget.@Nullable Permit answer;
  private @Nullable OffsetDateTime noted;

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

  Prefetch(StreamReader reader, Database database, ByteBudget budget, Executor threads) {
    this.reader = reader;
    this.database = database;
    this.budget = budget;
    this.threads = threads;
  }

  /** The next page; while the caller works on it, the one after it is already on its way. */
  Fetched next() throws InterruptedException, ExecutionException {
    CompletableFuture<Fetched> current = ahead == null ? fetch() : ahead;
    Fetched fetched = current.get();
    ahead = fetched.page().last() ? null : fetch();
    return fetched;
  }

  private CompletableFuture<Fetched> fetch() {
    CompletableFuture<Fetched> future = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        future.complete(read());
      } catch (Throwable e) {
        future.completeExceptionally(e);
      }
    });
    return future;
  }

  // Batches of one answer share its room and its noted time. Which batch is an answer's last shows
  // only when the next answer has come; that one carries the room that can be given back.
  private Fetched read() throws InterruptedException {
    OffsetDateTime now = database.now();
    StreamPage page = reader.next();
    if (page.bytes() > 0 || noted == null) {
      ByteBudget.Permit before = answer;
      noted = now;
      answer = budget.take(page.bytes());
      return new Fetched(page, now, before);
    }
    return new Fetched(page, noted, null);
  }

  /** Waits for what is under way and gives all room back. */
  void close() {
    if (ahead != null) {
      ahead.handle((page, error) -> null).join();
    }
    if (answer != null) {
      answer.release();
    }
  }
}

package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.CollectionStore.State;
import dev.serai.record.FeedStore.Feed;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * Takes payloads and rows away, in chunks that each lock their collection first: short locks, and
 * repeatable after a crash. Thread-safe.
 */
public final class RecordPruning {
  private static final int CHUNK = 2_000;

  private final Database database;
  private final CollectionStore collections;
  private final FeedStore feeds;
  private final PruningStore store = new PruningStore();

  public RecordPruning(Database database) {
    this.database = database;
    this.collections = new CollectionStore(database);
    this.feeds = new FeedStore(database);
  }

  /** How many payloads were emptied now, and whether more remain up to the cursor. */
  public record Pruned(long count, boolean hasMore) {}

  /**
   * Empties the payloads of what was committed up to the cursor (inclusive); ids, hashes and
   * metadata stay, so nothing counts as changed.
   *
   * @throws CursorRefused if it is not a cursor
   */
  public Pruned prune(CollectionKey key, String untilCursor, int limit) {
    RecordCursor until = RecordCursor.parse(untilCursor);
    Optional<Feed> feed = feeds.feed(key);
    if (feed.isEmpty()) {
      return new Pruned(0, false);
    }
    long collection = feed.get().id();
    long emptied = 0;
    boolean more = true;
    while (more && emptied < limit) {
      int chunk = (int) Math.min(CHUNK, limit - emptied);
      Pruned done =
          database.inTransaction(transaction -> {
            lock(transaction, collection);
            return store.prune(transaction, collection, until, chunk);
          });
      emptied += done.count();
      more = done.hasMore();
    }
    return new Pruned(emptied, more);
  }

  /**
   * Removes a chunk of what one sync has filled, deleted rows included, so that everything read
   * next counts as added again. Cursors answered before expire, for nobody will be told of rows
   * that do not come back.
   *
   * @return true if there may be more
   */
  public boolean emptyChunk(Handle transaction, long connection, String variant, String stream) {
    List<Long> filled = store.filledBy(transaction, connection, variant, stream);
    for (long collection : filled) {
      State state = lock(transaction, collection);
      if (store.empty(transaction, state, stream, CHUNK) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Removes a chunk of a connection's records and their history, and each collection once it is
   * empty. What was sealed is unreadable after the first chunk: its key goes first. Call it until
   * it answers false, after the connection's syncs are gone.
   *
   * @return true if there may be more
   */
  public boolean removeChunk(long connection) {
    return database.inTransaction(transaction -> {
      store.dropKey(transaction, connection);
      List<Long> all = store.collectionsOf(transaction, connection);
      if (all.isEmpty()) {
        return false;
      }
      long collection = all.getFirst();
      lock(transaction, collection);
      if (store.remove(transaction, collection, CHUNK) == 0) {
        store.drop(transaction, collection);
      }
      return true;
    });
  }

  /**
   * Removes what deleted connections have left, a connection at a time, chunk by chunk. Safe to
   * repeat and to race.
   *
   * @param goOn asked before every chunk
   * @return how many connections were cleared
   */
  public int sweep(BooleanSupplier goOn) {
    int cleared = 0;
    for (long connection : database.read(store::ofDeletedConnections)) {
      boolean more = true;
      while (more && goOn.getAsBoolean()) {
        more = removeChunk(connection);
      }
      cleared += more ? 0 : 1;
    }
    return cleared;
  }

  private State lock(Handle transaction, long collection) {
    TreeSet<Long> one = new TreeSet<>(List.of(collection));
    return collections.lock(transaction, one).getFirst();
  }
}

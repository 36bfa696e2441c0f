package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.FeedStore.Feed;
import dev.serai.record.FeedStore.Position;
import dev.serai.record.RecordListing.Shape;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists what became what, in the order in which it was committed, of models that keep a history.
 * Thread-safe.
 */
public final class RecordChanges {
  /** Fewer rows than records per query: how much they hold is known only by reading them. */
  private static final Shape CHANGES = new Shape("changes", 101, FeedStore.MOST_BYTES);

  private final FeedStore feeds;
  private final HistoryStore store;
  private final Sealing sealing;
  private final ModelPolicies policies;

  public RecordChanges(Database database, Sealing sealing, ModelPolicies policies) {
    this.feeds = new FeedStore(database);
    this.store = new HistoryStore(database);
    this.sealing = sealing;
    this.policies = policies;
  }

  /**
   * Begins {@code {"changes":[…],"next_cursor":…}}.
   *
   * @throws CursorRefused if the cursor cannot be followed
   * @throws HistoryOff if there is none to read
   */
  public RecordListing open(ChangeQuery query) {
    RecordCursor cursor = query.cursor() == null ? null : RecordCursor.parse(query.cursor());
    Optional<Feed> found = feeds.feed(query.collection());
    String model = found.map(Feed::model).orElse(query.collection().model());
    if (policies.of(query.provider(), model).history() == null
        && !found.map(feed -> store.any(feed.id())).orElse(false)) {
      throw new HistoryOff(model);
    }
    if (found.isEmpty()) {
      return RecordListing.empty(CHANGES, null, cursor != null);
    }
    Feed feed = found.get();
    if (cursor != null && feed.lost(cursor)) {
      return RecordListing.empty(CHANGES, feed.end(), true);
    }
    if (cursor != null && cursor.version() < feed.historyThrough()) {
      throw CursorRefused.forgotten();
    }
    long since = cursor == null ? feed.version() : cursor.since();
    HistoryStore.Filter filter = new HistoryStore.Filter(query.ids(), query.untold());
    return new RecordListing(
        CHANGES,
        (after, limit, rows) -> store.changes(feed.id(), after, filter, limit, rows),
        place -> feeds.historyThrough(feed.id()) > place.version(),
        new ChangeWriter(new Payloads(sealing, feed.id(), feed.model()), since),
        start(query, feed, cursor),
        since,
        query.limit());
  }

  /** The later of both conditions. */
  private Position start(ChangeQuery query, Feed feed, @Nullable RecordCursor cursor) {
    long version = cursor == null ? feed.historyThrough() : cursor.version();
    if (query.modifiedAfter() != null) {
      version =
          Math.max(
              version,
              store.versionBefore(
                  feed.id(), feed.version(), query.modifiedAfter().truncatedTo(ChronoUnit.MICROS)));
    }
    return new Position(cursor == null ? 0 : cursor.micros(), version);
  }
}

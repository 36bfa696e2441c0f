package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.FeedStore.Feed;
import dev.serai.record.FeedStore.Position;
import dev.serai.record.RecordListing.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists records in the order in which they were committed: who follows the cursors misses nothing,
 * whatever is written meanwhile. Holds no database connection while it writes to the caller.
 * Thread-safe.
 */
public final class RecordReader {
  private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);

  /** Rows per query: a page of a thousand, and the row that tells whether there is more. */
  private static final Shape RECORDS = new Shape("records", 1_001, FeedStore.MOST_BYTES);

  private final FeedStore store;
  private final Sealing sealing;

  public RecordReader(Database database, Sealing sealing) {
    this.store = new FeedStore(database);
    this.sealing = sealing;
  }

  /**
   * What a listing wrote.
   *
   * @param nextCursor null on the last page
   * @param historyLost see {@link RecordListing#historyLost()}
   */
  public record Listing(int records, @Nullable String nextCursor, boolean historyLost) {}

  /**
   * Writes the whole listing.
   *
   * @throws CursorRefused before the first byte is written
   * @throws RecordUnreadable behind whole parts
   */
  public Listing list(RecordQuery query, OutputStream out) throws IOException {
    RecordListing listing = open(query);
    JsonBuffer part = new JsonBuffer();
    boolean more;
    do {
      part.clear();
      more = listing.next(part);
      part.writeTo(out);
    } while (more);
    RecordCursor next = listing.nextCursor();
    return new Listing(
        listing.written(), next == null ? null : next.toString(), listing.historyLost());
  }

  /**
   * Begins {@code {"records":[…],"next_cursor":…}}.
   *
   * @throws CursorRefused if the cursor cannot be followed
   */
  public RecordListing open(RecordQuery query) {
    RecordCursor cursor = query.cursor() == null ? null : RecordCursor.parse(query.cursor());
    Optional<Feed> found = store.feed(query.collection());
    if (found.isEmpty()) {
      return RecordListing.empty(RECORDS, null, cursor != null);
    }
    Feed feed = found.get();
    if (cursor != null && feed.lost(cursor)) {
      LOG.warn(
          "History lost: a caller's cursor is ahead of collection {} ({} of connection {}); answered from the end",
          feed.id(),
          query.collection().model(),
          query.collection().connection());
      return RecordListing.empty(RECORDS, feed.end(), true);
    }
    if (cursor != null && cursor.known() < feed.purgedThrough()) {
      throw CursorRefused.expired();
    }
    long since = cursor == null ? feed.version() : cursor.since();
    return new RecordListing(
        RECORDS,
        (after, limit, rows) -> store.rows(feed.id(), after, query, limit, rows),
        place -> store.purgedThrough(feed.id()) > Math.max(place.version(), since),
        new ListingWriter(new Payloads(sealing, feed.id(), feed.model()), since),
        start(query, cursor),
        since,
        query.limit());
  }

  /** The later of both conditions. */
  private static Position start(RecordQuery query, @Nullable RecordCursor cursor) {
    Position after =
        query.modifiedAfter() == null ? Position.BEGINNING : Position.from(query.modifiedAfter());
    return cursor == null || after.micros() > cursor.micros()
        ? after
        : new Position(cursor.micros(), cursor.version());
  }

  /** Live records by model of one connection and variant. */
  public Map<String, Long> counts(long connection, String variant) {
    return store.counts(connection, variant);
  }
}

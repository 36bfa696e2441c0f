package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.FeedStore.Feed;
import dev.serai.record.FeedStore.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
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

  /** Rows per query: what a listing holds in memory. */
  private static final int CHUNK = 500;

  private static final OffsetDateTime BEGINNING = OffsetDateTime.MIN;

  private final FeedStore store;

  public RecordReader(Database database) {
    this.store = new FeedStore(database);
  }

  /**
   * What a listing wrote.
   *
   * @param nextCursor null on the last page
   * @param historyLost the caller has seen changes that this database no longer knows (a restore, a
   *     failover): the listing answers from the end
   */
  public record Listing(int records, @Nullable String nextCursor, boolean historyLost) {}

  /** From here on, exclusively. */
  private record Start(OffsetDateTime at, long version) {}

  /**
   * Writes {@code {"records":[…],"next_cursor":…}}.
   *
   * @throws CursorRefused before the first byte is written
   */
  public Listing list(RecordQuery query, OutputStream out) throws IOException {
    RecordCursor cursor = query.cursor() == null ? null : RecordCursor.parse(query.cursor());
    Optional<Feed> feed = store.feed(query.collection());
    ListingWriter writer = new ListingWriter(out);
    if (feed.isEmpty()) {
      return writer.end(null, cursor != null);
    }
    if (cursor != null && feed.get().lost(cursor)) {
      LOG.warn(
          "History lost: a caller's cursor is ahead of collection {} ({} of connection {}); answered from the end",
          feed.get().id(),
          query.collection().model(),
          query.collection().connection());
      return writer.end(feed.get().end(), true);
    }
    if (cursor != null && cursor.known() < feed.get().purgedThrough()) {
      throw CursorRefused.expired();
    }
    writer.since(cursor == null ? feed.get().version() : cursor.since());
    return rows(query, feed.get().id(), start(query, cursor), writer);
  }

  private Listing rows(RecordQuery query, long collection, Start start, ListingWriter writer)
      throws IOException {
    Start from = start;
    int left = query.limit();
    while (true) {
      int wanted = query.ids().isEmpty() ? Math.min(left, CHUNK) : left;
      List<Row> rows = store.rows(collection, from.at(), from.version(), query, wanted + 1);
      for (Row row : rows.subList(0, Math.min(wanted, rows.size()))) {
        writer.row(row);
      }
      if (rows.size() <= wanted) {
        return writer.end(null, false);
      }
      Row last = rows.get(wanted - 1);
      left -= wanted;
      if (left == 0) {
        return writer.end(writer.cursor(last), false);
      }
      from = new Start(last.lastModifiedAt(), last.version());
    }
  }

  /** The later of both conditions; no version is below 1, so a stamp with -1 includes its rows. */
  private static Start start(RecordQuery query, @Nullable RecordCursor cursor) {
    OffsetDateTime after = query.modifiedAfter();
    OffsetDateTime at = after == null ? BEGINNING : after.truncatedTo(ChronoUnit.MICROS);
    if (cursor == null || at.isAfter(cursor.stamp())) {
      return new Start(at, -1);
    }
    return new Start(cursor.stamp(), cursor.version());
  }

  /** Live records by model of one connection and variant. */
  public Map<String, Long> counts(long connection, String variant) {
    return store.counts(connection, variant);
  }
}

package dev.serai.record;

import dev.serai.record.FeedStore.Position;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A listing under way, in the order of commits: {@code {"records":[…],"next_cursor":…}}. Each part
 * is a query of its own, taken up where the last one ended, so writers are never in its way.
 */
public final class RecordListing implements JsonParts {
  /** The columns every source of rows begins with: timestamptz, int8, int4 (payload bytes). */
  static final int STAMP = 0;

  static final int VERSION = 1;
  static final int BYTES = 2;

  /** The next rows after a place, in order: at most that many, fewer only beyond some bytes. */
  interface Source {
    void rows(Position after, int limit, Consumer<CopyRow> rows);
  }

  /** Spells one row. */
  interface Spelling {
    void write(JsonBuffer out, CopyRow row);
  }

  /**
   * How to list.
   *
   * @param name of the array
   * @param chunk rows per query, the one that only shows there is more included
   * @param mostBytes what a query is cut at
   */
  record Shape(String name, int chunk, int mostBytes) {}

  private final Shape shape;
  private final Source source;
  private final Predicate<Position> gap;
  private final Spelling spelling;
  private final long since;

  private Position place;
  private int left;
  private boolean begun;
  private boolean historyLost;
  private int written;
  private @Nullable RecordCursor next;

  /**
   * @param gap whether rows behind a place have been removed that a reader there should have met;
   *     asked after each query, so what it denies was in the query's rows
   * @param from exclusive
   * @param since what the cursors remember of their reader's beginning
   */
  RecordListing(
      Shape shape,
      Source source,
      Predicate<Position> gap,
      Spelling spelling,
      Position from,
      long since,
      int limit) {
    this.shape = shape;
    this.source = source;
    this.gap = gap;
    this.spelling = spelling;
    this.place = from;
    this.since = since;
    this.left = limit;
  }

  /** Nothing to list. */
  static RecordListing empty(Shape shape, @Nullable RecordCursor next, boolean historyLost) {
    RecordListing listing =
        new RecordListing(
            shape,
            (after, limit, rows) -> {},
            place -> false,
            (out, row) -> {},
            new Position(0, 0),
            0,
            0);
    listing.next = next;
    listing.historyLost = historyLost;
    return listing;
  }

  /**
   * The caller has seen changes that this database no longer knows (a restore, a failover): the
   * listing answers from the end.
   */
  public boolean historyLost() {
    return historyLost;
  }

  int written() {
    return written;
  }

  @Nullable RecordCursor nextCursor() {
    return next;
  }

  @Override
  public boolean next(JsonBuffer out) {
    if (!begun) {
      begun = true;
      out.text("{\"" + shape.name() + "\":[");
    }
    if (next == null && chunk(out)) {
      return true;
    }
    out.text("],\"next_cursor\":");
    if (next == null) {
      out.putNull();
    } else {
      out.put('"');
      next.writeTo(out);
      out.put('"');
    }
    out.put('}');
    return false;
  }

  /** True if there may be more. */
  private boolean chunk(JsonBuffer out) {
    int wanted = Math.min(left, shape.chunk() - 1) + 1;
    int length = out.length();
    Position from = place;
    int before = written;
    Chunk chunk = new Chunk(out);
    source.rows(place, wanted, chunk);
    if (gap.test(from)) {
      endBeforeGap(out, length, from, before);
      return false;
    }
    return next == null && (chunk.rows == wanted || chunk.bytes >= shape.mostBytes());
  }

  /** What was read before stands; who goes on from there is told that his cursor expired. */
  private void endBeforeGap(JsonBuffer out, int length, Position from, int before) {
    if (before == 0) {
      throw CursorRefused.expired();
    }
    out.cut(length);
    written = before;
    next = new RecordCursor(from.micros(), from.version(), since);
  }

  private final class Chunk implements Consumer<CopyRow> {
    private final JsonBuffer out;
    private int rows;
    private long bytes;

    Chunk(JsonBuffer out) {
      this.out = out;
    }

    @Override
    public void accept(CopyRow row) {
      rows++;
      bytes += row.integer(BYTES);
      if (left == 0) {
        next = new RecordCursor(place.micros(), place.version(), since);
        return;
      }
      if (written++ > 0) {
        out.put(',');
      }
      spelling.write(out, row);
      place = new Position(row.micros(STAMP), row.number(VERSION));
      left--;
    }
  }
}

package dev.serai.record;

import dev.serai.record.FeedStore.Column;
import dev.serai.record.RecordQuery.Action;
import java.nio.charset.StandardCharsets;

/** Spells records; payloads go through as the bytes that PostgreSQL sends. */
final class ListingWriter implements RecordListing.Spelling {
  private static final byte[] ID = bytes("{\"id\":");
  private static final byte[] METADATA = bytes(",\"_nango_metadata\":{\"first_seen_at\":");
  private static final byte[] LAST_MODIFIED_AT = bytes(",\"last_modified_at\":");
  private static final byte[] LAST_ACTION = bytes(",\"last_action\":\"");
  private static final byte[] DELETED_AT = bytes("\",\"deleted_at\":");
  private static final byte[] PRUNED_AT = bytes(",\"pruned_at\":");
  private static final byte[] CURSOR = bytes(",\"cursor\":\"");
  private static final byte[] END = bytes("\"}}");

  private static final Payloads.Columns PAYLOAD =
      new Payloads.Columns(Column.ID, Column.DATA, Column.SEALED, Column.KEY);

  private final Payloads payloads;
  private final long since;
  private final Stamps firstSeen = new Stamps();
  private final Stamps lastModified = new Stamps();
  private final Stamps rare = new Stamps();

  /**
   * @param since what the cursors of this listing's rows remember of its beginning
   */
  ListingWriter(Payloads payloads, long since) {
    this.payloads = payloads;
    this.since = since;
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void write(JsonBuffer out, CopyRow row) {
    if (row.isNull(Column.DATA) && row.isNull(Column.SEALED)) {
      out.put(ID).string(row.bytes(), row.start(Column.ID), row.length(Column.ID));
    } else {
      payloads.writeOpen(out, row, PAYLOAD);
    }
    out.put(METADATA);
    firstSeen.write(out, row.micros(Column.FIRST_SEEN_AT));
    out.put(LAST_MODIFIED_AT);
    lastModified.write(out, row.micros(Column.LAST_MODIFIED_AT));
    out.put(LAST_ACTION).text(Action.of(row.code(Column.LAST_ACTION)).name());
    out.put(DELETED_AT);
    rare(out, row, Column.DELETED_AT);
    out.put(PRUNED_AT);
    rare(out, row, Column.PRUNED_AT);
    out.put(CURSOR);
    new RecordCursor(row.micros(Column.LAST_MODIFIED_AT), row.number(Column.VERSION), since)
        .writeTo(out);
    out.put(END);
  }

  private void rare(JsonBuffer out, CopyRow row, int column) {
    if (row.isNull(column)) {
      out.putNull();
    } else {
      rare.write(out, row.micros(column));
    }
  }
}

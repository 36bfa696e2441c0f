package dev.serai.record;

import dev.serai.Json;
import dev.serai.record.HistoryStore.Column;
import dev.serai.record.RecordQuery.Action;
import org.jspecify.annotations.Nullable;

/** Spells changes: both images as they are kept, and the patch that leads from one to the other. */
final class ChangeWriter implements RecordListing.Spelling {
  private final Payloads payloads;
  private final long since;
  private final Stamps stamps = new Stamps();

  /**
   * @param since what the cursors of this listing's rows remember of its beginning
   */
  ChangeWriter(Payloads payloads, long since) {
    this.payloads = payloads;
    this.since = since;
  }

  @Override
  public void write(JsonBuffer out, CopyRow row) {
    byte[] before = payloads.image(row, Column.BEFORE);
    byte[] after = payloads.image(row, Column.AFTER);
    out.text("{\"id\":").string(row.bytes(), row.start(Column.ID), row.length(Column.ID));
    out.text(",\"action\":\"").text(Action.of(row.code(Column.ACTION)).name()).text("\",\"at\":");
    stamps.write(out, row.micros(Column.AT));
    out.text(",\"version\":").text(Long.toString(row.number(Column.VERSION)));
    out.text(",\"told\":").text(Boolean.toString(row.truth(Column.TOLD)));
    image(out.text(",\"before\":"), before);
    image(out.text(",\"after\":"), after);
    out.text(",\"patch\":").text(Json.write(JsonPatches.between(before, after)));
    out.text(",\"cursor\":\"");
    new RecordCursor(row.micros(Column.AT), row.number(Column.VERSION), since).writeTo(out);
    out.text("\"}");
  }

  private static void image(JsonBuffer out, byte @Nullable [] json) {
    if (json == null) {
      out.putNull();
    } else {
      out.put(json);
    }
  }
}

package dev.serai.record;

import dev.serai.Json;
import dev.serai.record.FeedStore.Row;
import dev.serai.record.RecordReader.Listing;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes one listing; payloads go through as text, as PostgreSQL keeps them. */
final class ListingWriter {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx");

  private final Writer out;
  private long since;
  private int records;

  ListingWriter(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 64 * 1024);
  }

  /** What the cursors of this listing's rows remember of its beginning. */
  void since(long version) {
    since = version;
  }

  void row(Row row) throws IOException {
    out.write(records++ == 0 ? "{\"records\":[" : ",");
    String data = row.data();
    if (data == null) {
      out.write("{\"id\":");
      out.write(Json.write(Json.mapper().getNodeFactory().textNode(row.externalId())));
    } else {
      out.write(data, 0, data.length() - 1);
    }
    metadata(row);
  }

  private void metadata(Row row) throws IOException {
    out.write(",\"_nango_metadata\":{\"first_seen_at\":");
    stamp(row.firstSeenAt());
    out.write(",\"last_modified_at\":");
    stamp(row.lastModifiedAt());
    out.write(",\"last_action\":\"");
    out.write(row.lastAction().name());
    out.write("\",\"deleted_at\":");
    stamp(row.deletedAt());
    out.write(",\"pruned_at\":");
    stamp(row.prunedAt());
    out.write(",\"cursor\":\"");
    out.write(cursor(row).toString());
    out.write("\"}}");
  }

  RecordCursor cursor(Row row) {
    return RecordCursor.at(row.lastModifiedAt(), row.version(), since);
  }

  private void stamp(@Nullable OffsetDateTime at) throws IOException {
    if (at == null) {
      out.write("null");
      return;
    }
    out.write('"');
    out.write(STAMP.format(at.withOffsetSameInstant(ZoneOffset.UTC)));
    out.write('"');
  }

  Listing end(@Nullable RecordCursor next, boolean historyLost) throws IOException {
    out.write(records == 0 ? "{\"records\":[" : "");
    out.write("],\"next_cursor\":");
    out.write(next == null ? "null" : "\"" + next + "\"");
    out.write("}");
    out.flush();
    return new Listing(records, next == null ? null : next.toString(), historyLost);
  }
}

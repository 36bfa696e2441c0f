package dev.serai.record;

import dev.serai.vault.DataKey;
import dev.serai.vault.VaultException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The payloads of one collection's rows, opened if they are sealed. One thread at a time. */
final class Payloads {
  private final Sealing sealing;
  private final long collection;
  private final String model;
  private @Nullable DataKey last;

  Payloads(Sealing sealing, long collection, String model) {
    this.sealing = sealing;
    this.collection = collection;
    this.model = model;
  }

  /** Where a payload is: as jsonb, or as an envelope and the key that sealed it. */
  record Columns(int id, int plain, int sealed, int key) {}

  /**
   * Writes a payload without its closing brace.
   *
   * @throws RecordUnreadable if it is sealed and cannot be opened; nothing is written then
   */
  void writeOpen(JsonBuffer out, CopyRow row, Columns columns) {
    if (row.isNull(columns.sealed())) {
      // jsonb travels as its text behind a version byte.
      out.put(row.bytes(), row.start(columns.plain()) + 1, row.length(columns.plain()) - 2);
    } else {
      byte[] opened = opened(row, columns);
      out.put(opened, 0, opened.length - 1);
    }
  }

  /**
   * A whole payload.
   *
   * @return null if there is none
   * @throws RecordUnreadable if it is sealed and cannot be opened
   */
  byte @Nullable [] image(CopyRow row, Columns columns) {
    if (!row.isNull(columns.sealed())) {
      return opened(row, columns);
    }
    if (row.isNull(columns.plain())) {
      return null;
    }
    int start = row.start(columns.plain()) + 1;
    return Arrays.copyOfRange(row.bytes(), start, start + row.length(columns.plain()) - 1);
  }

  private byte[] opened(CopyRow row, Columns columns) {
    String id = row.text(columns.id());
    int start = row.start(columns.sealed());
    byte[] envelope = Arrays.copyOfRange(row.bytes(), start, start + row.length(columns.sealed()));
    try {
      DataKey key = key(row.number(columns.key()));
      return key.open(Sealing.context(collection, key.id(), id), envelope);
    } catch (VaultException e) {
      throw new RecordUnreadable(model, id, e);
    }
  }

  private DataKey key(long id) {
    DataKey key = last;
    if (key == null || key.id() != id) {
      key = sealing.key(id);
      last = key;
    }
    return key;
  }
}

package dev.serai.record;

import dev.serai.record.Diff.Revision;
import dev.serai.record.RecordWriter.Write;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Whole rows by binary COPY: the page's canonical text goes to the server as it stands. */
final class RecordCopy {
  private static final String COPY =
      """
      copy record (collection, external_id, stream, partition, version, added_version, hash, data, bytes,
        first_seen_at, last_modified_at, last_action, writer, sealed, key, recipe, watched, told_version, noted_at)
      from stdin (format binary)
      """;

  private static final short COLUMNS = 19;
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /** Longer values are sent by themselves instead of through the buffer. */
  private static final int DIRECT = 16 * 1024;

  /** What is written to one collection in one transaction. */
  record Rows(
      long collection,
      RowForm form,
      OffsetDateTime stamp,
      Write write,
      byte[] text,
      List<Revision> revisions) {
    Rows with(List<Revision> others) {
      return new Rows(collection, form, stamp, write, text, others);
    }
  }

  void insert(Handle transaction, Rows rows) {
    try {
      CopyIn copy =
          transaction.getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
      try {
        new Encoder(copy, rows).send();
        long inserted = copy.endCopy();
        if (inserted != rows.revisions().size()) {
          throw new IllegalStateException("COPY took %d rows".formatted(inserted));
        }
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("cannot add records", e, null);
    }
  }

  private static final class Encoder {
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final CopyIn copy;
    private final Rows rows;
    private final long stamp;
    private final byte @Nullable [] stream;
    private final byte[] partition;

    Encoder(CopyIn copy, Rows rows) {
      this.copy = copy;
      this.rows = rows;
      this.stamp = micros(rows.stamp());
      String owner = rows.write().stream();
      this.stream = owner == null ? null : owner.getBytes(StandardCharsets.UTF_8);
      this.partition = rows.write().partition().getBytes(StandardCharsets.UTF_8);
    }

    void send() throws SQLException {
      buffer.put(SIGNATURE);
      for (Revision revision : rows.revisions()) {
        row(revision);
      }
      room(2).putShort((short) -1);
      flush();
    }

    private void row(Revision revision) throws SQLException {
      Item item = revision.item();
      StoredRow before = revision.row();
      room(2).putShort(COLUMNS);
      number(rows.collection());
      bytes(item.id().getBytes(StandardCharsets.UTF_8));
      owner(before);
      number(revision.version());
      number(
          before == null || revision.action() == 'a' ? revision.version() : before.addedVersion());
      bytes(item.hash());
      boolean sealed = rows.form().key() != null;
      if (sealed) {
        bytes(null);
      } else {
        json(item);
      }
      room(8).putInt(4).putInt(item.length());
      number(before == null ? stamp : micros(before.firstSeenAt()));
      number(stamp);
      room(10).putInt(1).put((byte) revision.action());
      buffer.putInt(1).put((byte) rows.write().writer().code());
      bytes(sealed ? rows.form().stored(rows.collection(), item, rows.text()) : null);
      made(item);
      if (revision.told() || before == null) {
        bytes(null);
      } else {
        number(before.toldVersion() == null ? before.version() : before.toldVersion());
      }
      OffsetDateTime noted = rows.write().pageNoted();
      if (noted == null) {
        bytes(null);
      } else {
        number(micros(noted));
      }
    }

    /** The stream that hands a row over has it from now on; other writers leave it whose it is. */
    private void owner(@Nullable StoredRow before) throws SQLException {
      if (stream != null || before == null) {
        bytes(stream);
        bytes(partition);
      } else {
        bytes(before.stream() == null ? null : before.stream().getBytes(StandardCharsets.UTF_8));
        bytes(before.partition().getBytes(StandardCharsets.UTF_8));
      }
    }

    private static long micros(OffsetDateTime time) {
      return ChronoUnit.MICROS.between(EPOCH, time.toInstant());
    }

    /** How the hashes were made; nothing of it for most rows. */
    private void made(Item item) throws SQLException {
      Long key = rows.form().keyId();
      Integer recipe = rows.form().recipe().id();
      if (key == null) {
        bytes(null);
      } else {
        number(key);
      }
      if (recipe == null) {
        bytes(null);
      } else {
        room(8).putInt(4).putInt(recipe);
      }
      bytes(item.watched());
    }

    /** jsonb travels as its text behind a version byte. */
    private void json(Item item) throws SQLException {
      room(5).putInt(item.length() + 1).put((byte) 1);
      slice(rows.text(), item.offset(), item.length());
    }

    private void bytes(byte @Nullable [] value) throws SQLException {
      if (value == null) {
        room(4).putInt(-1);
        return;
      }
      room(4).putInt(value.length);
      slice(value, 0, value.length);
    }

    private void number(long value) throws SQLException {
      room(12).putInt(8).putLong(value);
    }

    private void slice(byte[] from, int offset, int length) throws SQLException {
      if (length > DIRECT) {
        flush();
        copy.writeToCopy(from, offset, length);
      } else {
        room(length).put(from, offset, length);
      }
    }

    private ByteBuffer room(int more) throws SQLException {
      if (buffer.remaining() < more) {
        flush();
      }
      return buffer;
    }

    private void flush() throws SQLException {
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }
}

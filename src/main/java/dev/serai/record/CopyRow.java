package dev.serai.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One row of a binary COPY, read where it lies in the message: no object per field. The same for
 * every row of a result.
 */
final class CopyRow {
  /** Microseconds from 1970, our beginning of time, to 2000, PostgreSQL's. */
  private static final long EPOCH = 946_684_800_000_000L;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int[] starts;
  private final int[] lengths;
  private byte[] bytes = {};

  CopyRow(int columns) {
    this.starts = new int[columns];
    this.lengths = new int[columns];
  }

  /** Finds the fields; false behind the last row. */
  boolean read(byte[] message, int offset) {
    bytes = message;
    short columns = (short) SHORT.get(message, offset);
    if (columns < 0) {
      return false;
    }
    if (columns != starts.length) {
      throw new IllegalStateException("COPY sent %d columns".formatted(columns));
    }
    int at = offset + Short.BYTES;
    for (int i = 0; i < columns; i++) {
      int length = (int) INT.get(message, at);
      at += Integer.BYTES;
      starts[i] = at;
      lengths[i] = length;
      at += Math.max(length, 0);
    }
    return true;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean isNull(int column) {
    return lengths[column] < 0;
  }

  int start(int column) {
    return starts[column];
  }

  int length(int column) {
    return lengths[column];
  }

  long number(int column) {
    return (long) LONG.get(bytes, starts[column]);
  }

  int integer(int column) {
    return (int) INT.get(bytes, starts[column]);
  }

  boolean truth(int column) {
    return bytes[starts[column]] != 0;
  }

  char code(int column) {
    return (char) bytes[starts[column]];
  }

  /** Microseconds since 1970. */
  long micros(int column) {
    return number(column) + EPOCH;
  }

  String text(int column) {
    return new String(bytes, starts[column], lengths[column], StandardCharsets.UTF_8);
  }
}

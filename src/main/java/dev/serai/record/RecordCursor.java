package dev.serai.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * A place in a collection's change feed: everything up to this stamp and version was read. Opaque
 * to callers: base64url of its parts.
 *
 * @param since the collection's version when its reader began at the beginning: of what was removed
 *     before that he never read anything, so it cannot make his cursor expire
 */
record RecordCursor(long micros, long version, long since) {
  private static final int LENGTH = 3 * Long.BYTES;
  private static final byte[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
          .getBytes(StandardCharsets.US_ASCII);

  static RecordCursor at(OffsetDateTime stamp, long version, long since) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, stamp.toInstant());
    return new RecordCursor(micros, version, since);
  }

  /** What its reader knows of: ends of rows before this version cannot be news to him. */
  long known() {
    return Math.max(version, since);
  }

  /**
   * @throws CursorRefused if the text was never a cursor of ours
   */
  static RecordCursor parse(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length == LENGTH) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        RecordCursor cursor =
            new RecordCursor(buffer.getLong(), buffer.getLong(), buffer.getLong());
        if (cursor.sound() && cursor.toString().equals(text)) {
          return cursor;
        }
      }
    } catch (IllegalArgumentException e) {
      throw CursorRefused.invalid(e);
    }
    throw CursorRefused.invalid(null);
  }

  private boolean sound() {
    return micros >= 0 && version >= 0 && since >= 0;
  }

  OffsetDateTime stamp() {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  /** As its text. */
  void writeTo(JsonBuffer out) {
    out.put(text());
  }

  /** Without the detour of {@link Base64} over a buffer: each row that is served has one. */
  private byte[] text() {
    byte[] text = new byte[LENGTH / 3 * 4];
    for (int i = 0, at = 0; i < LENGTH; i += 3) {
      int three = part(i) << 16 | part(i + 1) << 8 | part(i + 2);
      text[at++] = DIGITS[three >> 18];
      text[at++] = DIGITS[three >> 12 & 63];
      text[at++] = DIGITS[three >> 6 & 63];
      text[at++] = DIGITS[three & 63];
    }
    return text;
  }

  private int part(int index) {
    long of = index < 8 ? micros : index < 16 ? version : since;
    return (int) (of >>> 56 - 8 * (index & 7)) & 0xff;
  }

  @Override
  public String toString() {
    return new String(text(), StandardCharsets.US_ASCII);
  }
}

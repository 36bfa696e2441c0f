package dev.serai.api;

import dev.serai.record.JsonBuffer;
import dev.serai.record.JsonParts;
import java.io.IOException;
import java.io.InputStream;

/**
 * An answer that is made while it is sent: the next part when the last one is gone. A failure in
 * the middle is an {@link IOException}, so that the connection breaks and what was sent cannot be
 * taken for the whole. Not thread-safe.
 */
final class PartsStream extends InputStream {
  /** What is collected before the first byte is sent: a failure so far is still a proper error. */
  private static final int COLLECTED = 1 << 20;

  private final JsonParts parts;
  private final JsonBuffer buffer;
  private int at;
  private boolean more = true;

  private PartsStream(JsonParts parts, JsonBuffer buffer) {
    this.parts = parts;
    this.buffer = buffer;
  }

  /** Whole if it is small, and streamed if not. */
  static ApiReply reply(JsonParts parts) {
    JsonBuffer buffer = new JsonBuffer();
    boolean more = true;
    while (more && buffer.length() < COLLECTED) {
      more = parts.next(buffer);
    }
    return more
        ? ApiReply.streamed(new PartsStream(parts, buffer))
        : ApiReply.bytes(buffer.asByteBuffers());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    while (at == buffer.length()) {
      if (!more) {
        return -1;
      }
      at = 0;
      buffer.clear();
      more = next();
    }
    int copied = buffer.copy(at, to, offset, length);
    at += copied;
    return copied;
  }

  @SuppressWarnings("PMD.AvoidCatchingThrowable")
  private boolean next() throws IOException {
    try {
      return parts.next(buffer);
    } catch (Throwable e) { // an Error, too, must not leave the caller waiting for ever
      more = false;
      throw new IOException("The answer broke off: " + e.getMessage(), e);
    }
  }

  /** What can be had without the database: whoever pumps takes it in one go. */
  @Override
  public int available() {
    return buffer.length() - at;
  }
}

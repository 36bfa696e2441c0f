package dev.serai.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON text as bytes that grow by pieces: one array of a megabyte would be copied over and over,
 * and the collector keeps such arrays apart, at a price. One thread at a time.
 */
public final class JsonBuffer {
  private static final int PIECE = 32 * 1024;
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final List<byte[]> pieces = new ArrayList<>();
  private byte[] last = {};
  private int inLast;
  private int full;

  public int length() {
    return full * PIECE - (full == 0 ? 0 : PIECE) + inLast;
  }

  /** Forgets the text and keeps the room. */
  public void clear() {
    full = 0;
    inLast = 0;
    last = new byte[0];
  }

  /** Forgets what stands from {@code to} on. */
  void cut(int to) {
    clear();
    if (to > 0) {
      full = (to + PIECE - 1) / PIECE;
      last = pieces.get(full - 1);
      inLast = to - (full - 1) * PIECE;
    }
  }

  /** The text itself, not a copy: whoever takes it writes no more. */
  public List<ByteBuffer> asByteBuffers() {
    List<ByteBuffer> buffers = new ArrayList<>(full);
    for (int i = 0; i < full; i++) {
      buffers.add(ByteBuffer.wrap(pieces.get(i), 0, i == full - 1 ? inLast : PIECE));
    }
    return buffers;
  }

  /** Copies what stands from {@code from} on, as far as it fits; answers how much that was. */
  public int copy(int from, byte[] to, int offset, int most) {
    int copied = 0;
    int wanted = Math.min(most, length() - from);
    while (copied < wanted) {
      int at = (from + copied) % PIECE;
      int some = Math.min(wanted - copied, PIECE - at);
      System.arraycopy(pieces.get((from + copied) / PIECE), at, to, offset + copied, some);
      copied += some;
    }
    return copied;
  }

  void writeTo(OutputStream out) throws IOException {
    for (ByteBuffer piece : asByteBuffers()) {
      out.write(piece.array(), 0, piece.limit());
    }
  }

  private void grow() {
    if (full == pieces.size()) {
      pieces.add(new byte[PIECE]);
    }
    last = pieces.get(full++);
    inLast = 0;
  }

  JsonBuffer put(byte[] from, int offset, int count) {
    int at = offset;
    int left = count;
    while (left > 0) {
      if (inLast == last.length) {
        grow();
      }
      int some = Math.min(left, PIECE - inLast);
      System.arraycopy(from, at, last, inLast, some);
      inLast += some;
      at += some;
      left -= some;
    }
    return this;
  }

  JsonBuffer put(byte[] from) {
    return put(from, 0, from.length);
  }

  JsonBuffer put(char ascii) {
    if (inLast == last.length) {
      grow();
    }
    last[inLast++] = (byte) ascii;
    return this;
  }

  JsonBuffer text(String json) {
    return put(json.getBytes(StandardCharsets.UTF_8));
  }

  JsonBuffer putNull() {
    return put(NULL);
  }

  /** A JSON string of this UTF-8 text. */
  JsonBuffer string(byte[] utf8, int offset, int count) {
    put('"');
    for (int i = offset; i < offset + count; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\') {
        put('\\').put((char) b);
      } else if (b >= 0 && b < 0x20) {
        text("\\u00").put((char) HEX[b >> 4]).put((char) HEX[b & 15]);
      } else {
        put((char) b);
      }
    }
    return put('"');
  }
}

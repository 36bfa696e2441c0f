package dev.serai.record;

import dev.serai.record.CanonicalJson.Unstorable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text in UTF-8 with the escapes of RFC 8785, in one growing buffer; refuses what jsonb would. One
 * thread at a time.
 */
final class CanonicalText {
  /** PostgreSQL refuses a jsonb near 256 MB; this stays well below. */
  private static final int MAX_RECORD = 128 * 1024 * 1024;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] buffer;
  private int length;
  private int limit;

  CanonicalText(int capacity) {
    buffer = new byte[capacity];
  }

  /** The buffer itself, not a copy; valid up to {@link #length()}. */
  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  /** One more record begins here: answers where. */
  int begin() {
    limit = length + MAX_RECORD;
    return length;
  }

  /** Forgets what stands from here on. */
  void cut(int to) {
    length = to;
  }

  byte[] copyFrom(int start) {
    return Arrays.copyOfRange(buffer, start, length);
  }

  void integer(long value) throws Unstorable {
    if (value < 0) {
      ascii(Long.toString(value));
      return;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    room(digits);
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  void bytes(byte[] spelled) throws Unstorable {
    room(spelled.length);
    System.arraycopy(spelled, 0, buffer, length, spelled.length);
    length += spelled.length;
  }

  void string(String text) throws Unstorable {
    int n = text.length();
    room(n + 2L);
    put('"');
    for (int i = 0; i < n; i++) {
      int plain = plain(text, i);
      if (plain > i) {
        ascii(text, i, plain);
        if (plain == n) {
          break;
        }
        i = plain;
      }
      char c = text.charAt(i);
      if (c < 0x80) {
        escaped(c);
      } else if (Character.isSurrogate(c)) {
        supplementary(text, i++);
      } else {
        utf8(c);
      }
    }
    put('"');
  }

  /** Up to where the text needs no escape and one byte a character. */
  private static int plain(String text, int from) {
    int n = text.length();
    int i = from;
    while (i < n) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
        break;
      }
      i++;
    }
    return i;
  }

  private void escaped(char c) throws Unstorable {
    switch (c) {
      case 0 -> throw new Unstorable("holds the character U+0000");
      case '"' -> ascii("\\\"");
      case '\\' -> ascii("\\\\");
      case '\b' -> ascii("\\b");
      case '\t' -> ascii("\\t");
      case '\n' -> ascii("\\n");
      case '\f' -> ascii("\\f");
      case '\r' -> ascii("\\r");
      default -> {
        ascii("\\u00");
        put(HEX[c >> 4]);
        put(HEX[c & 15]);
      }
    }
  }

  private void utf8(char c) throws Unstorable {
    room(3);
    if (c < 0x800) {
      buffer[length++] = (byte) (0xc0 | c >> 6);
    } else {
      buffer[length++] = (byte) (0xe0 | c >> 12);
      buffer[length++] = (byte) (0x80 | c >> 6 & 0x3f);
    }
    buffer[length++] = (byte) (0x80 | c & 0x3f);
  }

  private void supplementary(String text, int at) throws Unstorable {
    int point = text.codePointAt(at);
    if (point < 0x10000) {
      throw new Unstorable("holds half of a surrogate pair");
    }
    room(4);
    buffer[length++] = (byte) (0xf0 | point >> 18);
    buffer[length++] = (byte) (0x80 | point >> 12 & 0x3f);
    buffer[length++] = (byte) (0x80 | point >> 6 & 0x3f);
    buffer[length++] = (byte) (0x80 | point & 0x3f);
  }

  void ascii(String text) throws Unstorable {
    ascii(text, 0, text.length());
  }

  @SuppressWarnings("deprecation") // the ASCII copy without a charset encoder is what we want
  private void ascii(String text, int from, int to) throws Unstorable {
    room(to - from);
    text.getBytes(from, to, buffer, length);
    length += to - from;
  }

  void put(int c) throws Unstorable {
    room(1);
    buffer[length++] = (byte) c;
  }

  private void room(long more) throws Unstorable {
    long need = length + more;
    if (need > limit || need > Integer.MAX_VALUE - 16) {
      throw new Unstorable("is larger than " + MAX_RECORD / (1024 * 1024) + " MB");
    }
    if (need > buffer.length) {
      buffer =
          Arrays.copyOf(
              buffer, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(need, buffer.length * 2L)));
    }
  }
}

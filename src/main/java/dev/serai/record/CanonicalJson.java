package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON in one canonical spelling into one growing buffer: RFC 8785 key order (UTF-16 code
 * units) and escapes, numbers as {@link CanonicalNumber}. The same bytes are hashed and stored, so
 * a page is serialised once. One thread at a time.
 */
final class CanonicalJson {
  /** Deeper values cannot come from a provider's answer; a mapping that makes them is broken. */
  private static final int MAX_DEPTH = 500;

  /** PostgreSQL refuses a jsonb near 256 MB; this stays well below. */
  private static final int MAX_RECORD = 128 * 1024 * 1024;

  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private byte[] buffer = new byte[64 * 1024];
  private int length;
  private int limit;

  /** The buffer itself, not a copy; valid up to {@link #length()}. */
  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  /**
   * Appends one record, with its {@code id} spelled as the given text.
   *
   * @throws Unstorable if jsonb would refuse it; the buffer is then as before
   */
  void append(ObjectNode record, String id) throws Unstorable {
    int start = length;
    limit = start + MAX_RECORD;
    try {
      object(record, id, 0);
    } catch (Unstorable e) {
      length = start;
      throw e;
    }
  }

  /** Appends any value; for tests and for values that are not records. */
  void append(JsonNode node) throws Unstorable {
    limit = length + MAX_RECORD;
    value(node, 0);
  }

  private void value(JsonNode node, int depth) throws Unstorable {
    switch (node.getNodeType()) {
      case OBJECT -> object((ObjectNode) node, null, depth);
      case ARRAY -> array(node, depth);
      case STRING -> string(node.textValue());
      case NUMBER -> number(node);
      case BOOLEAN -> ascii(node.booleanValue() ? "true" : "false");
      case NULL, MISSING -> ascii("null");
      case BINARY, POJO -> throw new Unstorable("holds a value that is not JSON");
    }
  }

  private void object(ObjectNode node, @Nullable String id, int depth) throws Unstorable {
    deeper(depth);
    String[] keys = keys(node);
    put('{');
    for (int i = 0; i < keys.length; i++) {
      if (i > 0) {
        put(',');
      }
      string(keys[i]);
      put(':');
      if (id != null && keys[i].equals("id")) {
        string(id);
      } else {
        value(node.get(keys[i]), depth + 1);
      }
    }
    put('}');
  }

  private static String[] keys(ObjectNode node) {
    String[] keys = new String[node.size()];
    boolean sorted = true;
    int n = 0;
    for (Iterator<Map.Entry<String, JsonNode>> it = node.fields(); it.hasNext(); n++) {
      keys[n] = it.next().getKey();
      sorted &= n == 0 || keys[n - 1].compareTo(keys[n]) < 0;
    }
    if (!sorted) {
      Arrays.sort(keys);
    }
    return keys;
  }

  private void array(JsonNode node, int depth) throws Unstorable {
    deeper(depth);
    put('[');
    for (int i = 0; i < node.size(); i++) {
      if (i > 0) {
        put(',');
      }
      value(node.get(i), depth + 1);
    }
    put(']');
  }

  private static void deeper(int depth) throws Unstorable {
    if (depth > MAX_DEPTH) {
      throw new Unstorable("is nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  private void number(JsonNode node) throws Unstorable {
    switch (node.numberType()) {
      case INT, LONG -> ascii(Long.toString(node.longValue()));
      case BIG_INTEGER -> ascii(CanonicalNumber.of(new BigDecimal(node.bigIntegerValue())));
      case BIG_DECIMAL -> ascii(CanonicalNumber.of(node.decimalValue()));
      case FLOAT, DOUBLE -> {
        if (!Double.isFinite(node.doubleValue())) {
          throw new Unstorable("holds a number that is not finite");
        }
        ascii(CanonicalNumber.of(new BigDecimal(node.asText())));
      }
    }
  }

  private void string(String text) throws Unstorable {
    int n = text.length();
    room(n + 2L);
    put('"');
    for (int i = 0; i < n; i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
        room(1);
        buffer[length++] = (byte) c;
      } else if (c < 0x80) {
        escaped(c);
      } else if (Character.isSurrogate(c)) {
        supplementary(text, i++);
      } else {
        utf8(c);
      }
    }
    put('"');
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
      case 0x7f -> put(c);
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

  @SuppressWarnings("deprecation") // the ASCII copy without a charset encoder is what we want
  private void ascii(String text) throws Unstorable {
    room(text.length());
    text.getBytes(0, text.length(), buffer, length);
    length += text.length();
  }

  private void put(int c) throws Unstorable {
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

  /**
   * Why PostgreSQL could not keep a record; cheap, for it may be thrown for every one of a page.
   */
  static final class Unstorable extends Exception {
    private static final long serialVersionUID = 1;

    Unstorable(String reason) {
      super(reason, null, false, false);
    }

    /** Reads after the word "record": {@code holds the character U+0000}. */
    String reason() {
      return String.valueOf(getMessage());
    }
  }
}

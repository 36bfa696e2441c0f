package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private final KeyOrder.Cache orders = new KeyOrder.Cache(this::spelled);
  private byte[] buffer;
  private int length;
  private int limit;
  private boolean only;

  CanonicalJson() {
    this(4 * 1024);
  }

  /**
   * @param capacity to begin with; grows as need be
   */
  CanonicalJson(int capacity) {
    buffer = new byte[capacity];
  }

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
    append(record, id, FieldSet.NONE, false);
  }

  /** As {@link #append(ObjectNode, String)}, leaving fields out. */
  void appendWithout(ObjectNode record, String id, FieldSet fields) throws Unstorable {
    append(record, id, fields, false);
  }

  /** As {@link #append(ObjectNode, String)}, leaving out everything but these fields. */
  void appendOnly(ObjectNode record, String id, FieldSet fields) throws Unstorable {
    append(record, id, fields, true);
  }

  /** Begins anew in the same buffer. */
  void clear() {
    length = 0;
  }

  private void append(ObjectNode record, String id, FieldSet fields, boolean onlyThese)
      throws Unstorable {
    int start = length;
    limit = start + MAX_RECORD;
    only = onlyThese;
    try {
      if (fields.isEmpty() && !onlyThese) {
        object(record, id, 0);
      } else {
        chosen(record, id, fields, 0);
      }
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
    String[] keys = new String[node.size()];
    JsonNode[] values = new JsonNode[keys.length];
    int n = 0;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      keys[n] = field.getKey();
      values[n++] = field.getValue();
    }
    KeyOrder order = orders.of(keys);
    put('{');
    for (int i = 0; i < n; i++) {
      if (i > 0) {
        put(',');
      }
      bytes(order.spelled(i));
      int field = order.field(i);
      if (id != null && keys[field].equals("id")) {
        string(id);
      } else {
        value(values[field], depth + 1);
      }
    }
    put('}');
  }

  private void key(String key, boolean first) throws Unstorable {
    if (!first) {
      put(',');
    }
    string(key);
    put(':');
  }

  /** As {@link #object}, but asks of every field whether it is wanted. */
  private void chosen(ObjectNode node, @Nullable String id, FieldSet fields, int depth)
      throws Unstorable {
    deeper(depth);
    put('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : fields(node)) {
      FieldSet below = fields.below(field.getKey());
      if (below == null ? only : below.whole() && !only) {
        continue;
      }
      key(field.getKey(), first);
      first = false;
      if (id != null && field.getKey().equals("id")) {
        string(id);
      } else if (below == null || below.whole()) {
        value(field.getValue(), depth + 1);
      } else {
        chosen(field.getValue(), below, depth + 1);
      }
    }
    put('}');
  }

  private void chosen(JsonNode node, FieldSet fields, int depth) throws Unstorable {
    if (node instanceof ObjectNode object) {
      chosen(object, null, fields, depth);
    } else if (node.isArray()) {
      deeper(depth);
      put('[');
      for (int i = 0; i < node.size(); i++) {
        if (i > 0) {
          put(',');
        }
        chosen(node.get(i), fields, depth + 1);
      }
      put(']');
    } else {
      value(node, depth);
    }
  }

  /** A key as it stands before its value; leaves the buffer as it was. */
  private byte[] spelled(String key) throws Unstorable {
    int start = length;
    string(key);
    put(':');
    byte[] spelled = Arrays.copyOfRange(buffer, start, length);
    length = start;
    return spelled;
  }

  /** The fields in the order of RFC 8785. */
  private static List<Map.Entry<String, JsonNode>> fields(ObjectNode node) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(node.properties());
    for (int i = 1; i < fields.size(); i++) {
      if (fields.get(i - 1).getKey().compareTo(fields.get(i).getKey()) > 0) {
        fields.sort(Map.Entry.comparingByKey());
        break;
      }
    }
    return fields;
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
      case INT, LONG -> integer(node.longValue());
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

  private void integer(long value) throws Unstorable {
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

  private void bytes(byte[] spelled) throws Unstorable {
    room(spelled.length);
    System.arraycopy(spelled, 0, buffer, length, spelled.length);
    length += spelled.length;
  }

  private void string(String text) throws Unstorable {
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

  private void ascii(String text) throws Unstorable {
    ascii(text, 0, text.length());
  }

  @SuppressWarnings("deprecation") // the ASCII copy without a charset encoder is what we want
  private void ascii(String text, int from, int to) throws Unstorable {
    room(to - from);
    text.getBytes(from, to, buffer, length);
    length += to - from;
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

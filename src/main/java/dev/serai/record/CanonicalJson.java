package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
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

  private final KeyOrder.Cache orders = new KeyOrder.Cache(this::spelled);
  private final CanonicalText text;
  private boolean only;

  CanonicalJson() {
    this(4 * 1024);
  }

  /**
   * @param capacity to begin with; grows as need be
   */
  CanonicalJson(int capacity) {
    text = new CanonicalText(capacity);
  }

  /** The buffer itself, not a copy; valid up to {@link #length()}. */
  byte[] buffer() {
    return text.buffer();
  }

  int length() {
    return text.length();
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
    text.cut(0);
  }

  private void append(ObjectNode record, String id, FieldSet fields, boolean onlyThese)
      throws Unstorable {
    int start = text.begin();
    only = onlyThese;
    try {
      if (fields.isEmpty() && !onlyThese) {
        object(record, id, 0);
      } else {
        chosen(record, id, fields, 0);
      }
    } catch (Unstorable e) {
      text.cut(start);
      throw e;
    }
  }

  /** Appends any value; for tests and for values that are not records. */
  void append(JsonNode node) throws Unstorable {
    int unused = text.begin();
    value(node, 0);
  }

  private void value(JsonNode node, int depth) throws Unstorable {
    switch (node.getNodeType()) {
      case OBJECT -> object((ObjectNode) node, null, depth);
      case ARRAY -> array(node, depth);
      case STRING -> text.string(node.textValue());
      case NUMBER -> number(node);
      case BOOLEAN -> text.ascii(node.booleanValue() ? "true" : "false");
      case NULL, MISSING -> text.ascii("null");
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
    text.put('{');
    for (int i = 0; i < n; i++) {
      if (i > 0) {
        text.put(',');
      }
      text.bytes(order.spelled(i));
      int field = order.field(i);
      if (id != null && keys[field].equals("id")) {
        text.string(id);
      } else {
        value(values[field], depth + 1);
      }
    }
    text.put('}');
  }

  private void key(String key, boolean first) throws Unstorable {
    if (!first) {
      text.put(',');
    }
    text.string(key);
    text.put(':');
  }

  /** As {@link #object}, but asks of every field whether it is wanted. */
  private void chosen(ObjectNode node, @Nullable String id, FieldSet fields, int depth)
      throws Unstorable {
    deeper(depth);
    text.put('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : fields(node)) {
      FieldSet below = fields.below(field.getKey());
      if (below == null ? only : below.whole() && !only) {
        continue;
      }
      key(field.getKey(), first);
      first = false;
      if (id != null && field.getKey().equals("id")) {
        text.string(id);
      } else if (below == null || below.whole()) {
        value(field.getValue(), depth + 1);
      } else {
        chosen(field.getValue(), below, depth + 1);
      }
    }
    text.put('}');
  }

  private void chosen(JsonNode node, FieldSet fields, int depth) throws Unstorable {
    if (node instanceof ObjectNode object) {
      chosen(object, null, fields, depth);
    } else if (node.isArray()) {
      deeper(depth);
      text.put('[');
      for (int i = 0; i < node.size(); i++) {
        if (i > 0) {
          text.put(',');
        }
        chosen(node.get(i), fields, depth + 1);
      }
      text.put(']');
    } else {
      value(node, depth);
    }
  }

  /** A key as it stands before its value; leaves the buffer as it was. */
  private byte[] spelled(String key) throws Unstorable {
    int start = text.length();
    text.string(key);
    text.put(':');
    byte[] spelled = text.copyFrom(start);
    text.cut(start);
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
    text.put('[');
    for (int i = 0; i < node.size(); i++) {
      if (i > 0) {
        text.put(',');
      }
      value(node.get(i), depth + 1);
    }
    text.put(']');
  }

  private static void deeper(int depth) throws Unstorable {
    if (depth > MAX_DEPTH) {
      throw new Unstorable("is nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  private void number(JsonNode node) throws Unstorable {
    switch (node.numberType()) {
      case INT, LONG -> text.integer(node.longValue());
      case BIG_INTEGER -> text.ascii(CanonicalNumber.of(new BigDecimal(node.bigIntegerValue())));
      case BIG_DECIMAL -> text.ascii(CanonicalNumber.of(node.decimalValue()));
      case FLOAT, DOUBLE -> {
        if (!Double.isFinite(node.doubleValue())) {
          throw new Unstorable("holds a number that is not finite");
        }
        text.ascii(CanonicalNumber.of(new BigDecimal(node.asText())));
      }
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

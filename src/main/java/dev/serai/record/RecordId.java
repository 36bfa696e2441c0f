package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What may name a record: a string or an integer, kept as 1 to 255 characters of text. */
final class RecordId {
  static final int MAX = 255;

  private RecordId() {}

  /** The id as text; null if it cannot name a record. */
  static @Nullable String of(@Nullable JsonNode id) {
    if (id == null) {
      return null;
    }
    if (id.isTextual()) {
      return of(id.textValue());
    }
    return id.isNumber() ? of(integer(id)) : null;
  }

  static @Nullable String of(@Nullable String text) {
    if (text == null || text.isEmpty() || text.codePointCount(0, text.length()) > MAX) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return null;
      }
      if (Character.isSurrogate(c)) {
        if (text.codePointAt(i) < 0x10000) {
          return null;
        }
        i++;
      }
    }
    return text;
  }

  /** 5, 5.0 and 5e0 name one record; 5.5 and 1e999999999 name none. */
  private static @Nullable String integer(JsonNode id) {
    if (id.isIntegralNumber()) {
      return id.asText();
    }
    if (id.isDouble() && !Double.isFinite(id.doubleValue())) {
      return null;
    }
    BigDecimal number = new BigDecimal(id.asText()).stripTrailingZeros();
    boolean whole = number.scale() <= 0 && (long) number.precision() - number.scale() <= MAX;
    return whole ? number.toBigIntegerExact().toString() : null;
  }
}

package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** Tells what PostgreSQL can keep: no zero characters, no half characters, no endless numbers. */
final class Storable {
  private static final int LONGEST_SCALE = 10_000;

  private Storable() {}

  static boolean is(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  static boolean is(JsonNode json) {
    if (json.isTextual()) {
      return is(json.textValue());
    }
    if (json.isBigDecimal()) {
      BigDecimal number = json.decimalValue();
      return Math.abs((long) number.scale()) <= LONGEST_SCALE;
    }
    for (var field : json.properties()) {
      if (!is(field.getKey())) {
        return false;
      }
    }
    for (JsonNode child : json) {
      if (!is(child)) {
        return false;
      }
    }
    return true;
  }
}

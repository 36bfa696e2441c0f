package dev.serai.record;

import dev.serai.record.CanonicalJson.Unstorable;
import java.math.BigDecimal;

/**
 * One spelling per number: 1, 1.0 and 1e0 are {@code 1}. All digits are kept and none is made up:
 * near the decimal point the number is written out (as RFC 8785 does), elsewhere with an exponent,
 * so 1e999999999 costs nothing. Never through double.
 */
final class CanonicalNumber {
  /** What {@code numeric}, and so {@code jsonb}, can hold. */
  private static final long MAX_DIGITS_BEFORE_POINT = 131_072;

  private static final long MAX_DIGITS_AFTER_POINT = 16_383;

  private CanonicalNumber() {}

  static String of(BigDecimal number) throws Unstorable {
    if (number.signum() == 0) {
      return "0";
    }
    String all = number.unscaledValue().abs().toString();
    int end = all.length();
    while (all.charAt(end - 1) == '0') {
      end--;
    }
    long point = (long) all.length() - number.scale();
    if (point > MAX_DIGITS_BEFORE_POINT || end - point > MAX_DIGITS_AFTER_POINT) {
      throw new Unstorable("holds a number beyond what PostgreSQL can keep");
    }
    return (number.signum() < 0 ? "-" : "") + spell(all.substring(0, end), (int) point);
  }

  /** Digits without trailing zeros, and how many of them stand before the decimal point. */
  private static String spell(String digits, int point) {
    int count = digits.length();
    if (point > 21 || point < -5) {
      return digits.charAt(0)
          + (count > 1 ? "." + digits.substring(1) : "")
          + (point > 0 ? "e+" : "e")
          + (point - 1);
    }
    if (point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    if (count <= point) {
      return digits + "0".repeat(point - count);
    }
    return digits.substring(0, point) + "." + digits.substring(point);
  }
}

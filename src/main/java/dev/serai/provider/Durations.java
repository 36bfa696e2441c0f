package dev.serai.provider;

import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as provider.yaml writes them: {@code 15m}, {@code 1h30m}, {@code PT15M}, {@code P30D}.
 */
final class Durations {
  private static final Pattern STEP = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  private Durations() {}

  /**
   * @throws IllegalArgumentException when it is none of these forms
   */
  static Duration parse(String text) {
    if (text.startsWith("P")) {
      return iso(text);
    }
    if (!text.matches("(\\d+(ms|s|m|h|d))+")) {
      throw new IllegalArgumentException("'" + text + "' is no duration like 15m, 1h30m or PT15M");
    }
    Duration sum = Duration.ZERO;
    Matcher step = STEP.matcher(text);
    while (step.find()) {
      long n = Long.parseLong(step.group(1));
      sum =
          sum.plus(
              switch (step.group(2)) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                case "h" -> Duration.ofHours(n);
                default -> Duration.ofDays(n);
              });
    }
    return sum;
  }

  private static Duration iso(String text) {
    try {
      return text.contains("T") || text.matches("P\\d+D")
          ? Duration.parse(text)
          : Duration.ofDays(Period.parse(text).getDays());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + text + "' is no duration like PT15M or P30D", e);
    }
  }
}

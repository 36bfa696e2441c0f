package dev.serai.sync;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often, in the words of the wire contract: {@code every 15m}, {@code 2 hours}, {@code every
 * half day}. The shortest is 30 seconds.
 */
final class Frequency {
  static final Duration SHORTEST = Duration.ofSeconds(30);

  private static final Pattern COUNTED =
      Pattern.compile(
          "(?:every )?(\\d+)?\\s?(s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hrs|hour|hours|d|day|days)");
  private static final Pattern NAMED =
      Pattern.compile("(?:every )?(month|week|half day|half hour|quarter hour)");

  private Frequency() {}

  /**
   * @throws InvalidFrequency if the text is not understood or below {@link #SHORTEST}
   */
  static Duration parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    Duration duration = named(word);
    if (duration == null) {
      Matcher counted = COUNTED.matcher(word);
      if (!counted.matches()) {
        throw InvalidFrequency.notUnderstood(text);
      }
      duration = counted(text, counted);
    }
    if (duration.compareTo(SHORTEST) < 0) {
      throw InvalidFrequency.tooShort(text);
    }
    return duration;
  }

  private static @org.jspecify.annotations.Nullable Duration named(String word) {
    Matcher named = NAMED.matcher(word);
    if (!named.matches()) {
      return null;
    }
    return switch (named.group(1)) {
      case "month" -> Duration.ofDays(30);
      case "week" -> Duration.ofDays(7);
      case "half day" -> Duration.ofHours(12);
      case "half hour" -> Duration.ofMinutes(30);
      default -> Duration.ofMinutes(15);
    };
  }

  private static Duration counted(String text, Matcher matcher) {
    try {
      long count = matcher.group(1) == null ? 1 : Long.parseLong(matcher.group(1));
      return switch (matcher.group(2).charAt(0)) {
        case 's' -> Duration.ofSeconds(count);
        case 'm' -> Duration.ofMinutes(count);
        case 'h' -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    } catch (ArithmeticException | NumberFormatException e) {
      throw InvalidFrequency.notUnderstood(text);
    }
  }

  /** The contract's spelling: the largest unit that divides it. */
  static String format(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return "every " + seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return "every " + seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? "every " + seconds / 60 + "m" : "every " + seconds + "s";
  }
}

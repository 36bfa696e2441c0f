package dev.serai.app;

import dev.serai.SeraiException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of settings as the values they mean; what means none is refused with its key. */
abstract class SettingsText {
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,6})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

  /** What stands for this key; empty if nothing does. */
  abstract String text(String key);

  /** To throw: this value is none of those. */
  abstract SettingsException wrong(String key, String value, String expected);

  Optional<String> optional(String key) {
    return Optional.of(text(key)).filter(value -> !value.isEmpty());
  }

  List<String> list(String key) {
    return Arrays.stream(text(key).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** Reads an optional value; what the reading throws becomes one line that names the key. */
  <T> Optional<T> optional(String key, String expected, Function<String, T> reading) {
    return optional(key)
        .map(value -> {
          try {
            return reading.apply(value);
          } catch (SeraiException | IllegalArgumentException e) {
            throw wrong(key, value, expected + " (" + e.getMessage() + ")");
          }
        });
  }

  /** As {@link #list(String)}, each entry read; the first that cannot be is named with its key. */
  <T> List<T> list(String key, String expected, Function<String, T> reading) {
    return list(key).stream()
        .map(entry -> {
          try {
            return reading.apply(entry);
          } catch (IllegalArgumentException e) {
            throw wrong(key, text(key), expected + " (" + e.getMessage() + ")");
          }
        })
        .toList();
  }

  int number(String key, int least, int most) {
    String value = text(key);
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, value, "a whole number from " + least + " to " + most);
    }
    throw wrong(key, value, "a whole number from " + least + " to " + most);
  }

  boolean flag(String key) {
    return switch (text(key).toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw wrong(key, text(key), "true or false");
    };
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text(key))) {
        return constant;
      }
    }
    String names =
        String.join(
            " or ",
            Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList());
    throw wrong(key, text(key), names);
  }

  Duration duration(String key, Duration least) {
    String value = text(key);
    Matcher parts = DURATION.matcher(value);
    if (value.isEmpty() || !parts.matches()) {
      throw wrong(key, value, "a duration such as 30s, 1h30m or 30d");
    }
    Duration duration =
        Duration.ofDays(part(parts, 1))
            .plusHours(part(parts, 2))
            .plusMinutes(part(parts, 3))
            .plusSeconds(part(parts, 4))
            .plusMillis(part(parts, 5));
    if (duration.compareTo(least) < 0) {
      throw wrong(key, value, "at least " + shown(least));
    }
    return duration;
  }

  private static String shown(Duration least) {
    return least.toMinutesPart() == 0 && least.toSecondsPart() == 0
        ? least.toHours() + "h"
        : least.toSeconds() + "s";
  }

  private static long part(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }

  Optional<URI> url(String key, String... schemes) {
    String expected = "a URL such as " + schemes[0] + "://host:port";
    return optional(
        key,
        expected,
        value -> {
          URI uri = URI.create(value);
          if (uri.getHost() == null || !Arrays.asList(schemes).contains(uri.getScheme())) {
            throw new IllegalArgumentException("no host or another scheme");
          }
          return uri;
        });
  }
}

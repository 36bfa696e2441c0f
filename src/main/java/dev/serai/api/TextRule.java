package dev.serai.api;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a text may be; the shared ones are the contract's table of field limits. */
record TextRule(int min, int max, @Nullable Pattern pattern, Predicate<String> also, String want) {
  static final TextRule ANY = size(0, Integer.MAX_VALUE);
  static final TextRule DISPLAY_NAME = size(1, 255);
  static final TextRule PROVIDER = matching("^[a-zA-Z0-9_-]+$", 255);
  static final TextRule INTEGRATION = matching("^[a-zA-Z0-9~:.@ _-]+$", 255);
  static final TextRule CONNECTION = matching("^[a-zA-Z0-9,.;:=+~\\[\\]|@${}\"'\\\\/_ -]+$", 255);
  static final TextRule NAME = matching("^[a-zA-Z0-9_-]+$", 255);

  /** Either case may begin it: models are found without regard to case. */
  static final TextRule MODEL = matching("^[A-Za-z][a-zA-Z0-9_-]+$", 255);

  static final TextRule CURSOR = size(1, 1000);
  static final TextRule SEARCH = size(0, 255);
  static final TextRule RECORD_ID = size(1, 256);
  static final TextRule EMAIL = matching("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", 320);
  static final TextRule API_KEY = size(1, 1024);

  static TextRule size(int min, int max) {
    return new TextRule(min, max, null, text -> true, "");
  }

  static TextRule matching(String pattern, int max) {
    return new TextRule(
        1, max, Pattern.compile(pattern), text -> true, "must match pattern " + pattern);
  }

  /** The rule with a further check that {@code want} puts into words. */
  TextRule and(Predicate<String> check, String wanted) {
    return new TextRule(min, max, pattern, check, wanted);
  }

  /** What is wrong with the text: code and message. */
  Optional<Wrong> check(String text) {
    if (text.length() < min) {
      return wrong("too_small", "Too small: expected string to have >=" + min + " characters");
    }
    if (text.length() > max) {
      return wrong("too_big", "Too big: expected string to have <=" + max + " characters");
    }
    if (!Storable.is(text)) {
      return wrong("invalid_format", "Invalid string: holds what cannot be stored");
    }
    if ((pattern != null && !pattern.matcher(text).matches()) || !also.test(text)) {
      return wrong("invalid_format", "Invalid string: " + want);
    }
    return Optional.empty();
  }

  record Wrong(String code, String message) {}

  private static Optional<Wrong> wrong(String code, String message) {
    return Optional.of(new Wrong(code, message));
  }
}

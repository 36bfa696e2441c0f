package dev.serai.vault;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;

/**
 * A secret as others may write it: each of its letters plain, or escaped as JSON, URLs and HTML do,
 * in any mixture ({@code \/}, {@code \u002B}, {@code %2B}, {@code &amp;}), and also where that is
 * quoted in JSON once more. Immutable.
 */
public final class SpelledSecret {
  /** A shorter one may be part of any word, so it counts only where it stands alone. */
  public static final int SHORTEST = 6;

  private static final byte[] MARK = Redactor.MARK.getBytes(StandardCharsets.US_ASCII);

  /** Three quotations one in another. */
  private static final int MOST_BACKSLASHES = 8;

  /** Letters that are compared per letter of a text, at most: two are usual. */
  private static final long STEPS = 12;

  private static final String SHORT_ESCAPES = "\"\"\\\\//b\bf\fn\nr\rt\t";
  private static final Map<String, Integer> ENTITIES =
      Map.of("amp", (int) '&', "lt", (int) '<', "gt", (int) '>', "quot", (int) '"', "apos", 39);

  private final int[] letters;
  private final byte[][] plain;
  private final byte first;
  private final byte second;

  public SpelledSecret(String secret) {
    this.letters = secret.codePoints().toArray();
    this.plain = secret.codePoints().mapToObj(SpelledSecret::utf8).toArray(byte[][]::new);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    this.first = bytes.length > 0 ? bytes[0] : 0;
    this.second = bytes.length > 1 ? bytes[1] : 0;
  }

  /**
   * The text with a mark in every place of the secret; the same array if it is nowhere. A text that
   * was made to be searched for long is a mark altogether.
   */
  public byte[] outOf(byte[] text) {
    Search search = new Search(text);
    int from = 0;
    ByteArrayOutputStream out = null;
    for (int at = 0; at < text.length; at++) {
      int end = mayBegin(text, at) ? search.end(at) : -1;
      if (search.tired()) {
        return MARK.clone();
      }
      if (end > at) {
        out = out == null ? new ByteArrayOutputStream(text.length) : out;
        out.write(text, from, at - from);
        out.write(MARK, 0, MARK.length);
        from = end;
        at = end - 1;
      }
    }
    if (out == null) {
      return text;
    }
    out.write(text, from, text.length - from);
    return out.toByteArray();
  }

  /** A quick no for almost every place of a long text. */
  private boolean mayBegin(byte[] text, int at) {
    byte found = text[at];
    return isEscape(found)
        || (found == first
            && at + 1 < text.length
            && (text[at + 1] == second || isEscape(text[at + 1])));
  }

  private static boolean isEscape(byte found) {
    return found == '\\' || found == '%' || found == '&' || found == '+';
  }

  /** One reading of one text. */
  private final class Search {
    private final byte[] text;
    private long left;

    Search(byte[] text) {
      this.text = text;
      this.left = 100_000 + STEPS * text.length;
    }

    boolean tired() {
      return left < 0;
    }

    /** Where the secret that begins here ends; -1: it does not stand here. */
    int end(int at) {
      boolean whole = letters.length >= SHORTEST;
      if (letters.length == 0 || (!whole && at > 0 && isWord(text[at - 1]))) {
        return -1;
      }
      // Several, since what a backslash, a percent sign or an ampersand begins can be read twice.
      Ends ends = new Ends(at);
      ends.add(at);
      for (int i = 0; i < letters.length && !ends.isEmpty() && left >= 0; i++) {
        Ends next = new Ends(at);
        for (int end = ends.after(at - 1); end >= 0; end = ends.after(end)) {
          read(text, end, letters[i], plain[i], next);
          left--;
        }
        ends = next;
      }
      int end = ends.last();
      boolean cut = !whole && end > 0 && end < text.length && isWord(text[end]);
      return cut ? -1 : end;
    }
  }

  private static boolean isWord(byte letter) {
    return letter == '_' || Character.isLetterOrDigit(letter & 0xff);
  }

  /** Every way in which the letter may be written here. */
  private static void read(byte[] text, int at, int letter, byte[] plain, Ends ends) {
    if (letter == '\n' || letter == '\r') {
      ends.add(at); // lines of a key are joined by some, and end otherwise elsewhere
    }
    if (at >= text.length) {
      return;
    }
    if (java.util.Arrays.equals(
        text, at, Math.min(text.length, at + plain.length), plain, 0, plain.length)) {
      ends.add(at + plain.length);
    }
    switch (text[at]) {
      case '\r' -> {
        boolean two = at + 1 < text.length && text[at + 1] == '\n';
        ends.add(letter == '\n' ? at + (two ? 2 : 1) : -1);
      }
      case ' ' -> ends.add(letter == '\n' ? at + 1 : -1);
      case '\\' -> escaped(text, at, letter, ends);
      case '%' -> ends.add(percent(text, at, plain));
      case '&' -> ends.add(entity(text, at, letter));
      case '+' -> ends.add(letter == ' ' ? at + 1 : -1);
      default -> {}
    }
  }

  /** By one backslash, or by as many as quoting a quotation makes of it. */
  private static void escaped(byte[] text, int at, int letter, Ends ends) {
    int end = at;
    while (end < text.length && text[end] == '\\' && end - at < MOST_BACKSLASHES) {
      end++;
      if (letter == '\\') {
        ends.add(end);
      }
    }
    if (end == text.length) {
      return;
    }
    if (text[end] == 'u') {
      ends.add(unicode(text, end, letter));
    } else {
      int known = SHORT_ESCAPES.indexOf(text[end]);
      boolean name = known >= 0 && known % 2 == 0;
      ends.add(name && SHORT_ESCAPES.charAt(known + 1) == letter ? end + 1 : -1);
    }
  }

  /** {@code uXXXX}, and once more with its backslash for the second half of a pair. */
  private static int unicode(byte[] text, int at, int letter) {
    int end = at;
    for (char unit : Character.toChars(letter)) {
      for (int most = end + MOST_BACKSLASHES;
          end < Math.min(text.length, most) && text[end] == '\\'; ) {
        end++;
      }
      if (end >= text.length || text[end] != 'u' || number(text, end + 1, 4) != unit) {
        return -1;
      }
      end += 5;
    }
    return end;
  }

  /** Also if the percent sign was encoded again. */
  private static int percent(byte[] text, int at, byte[] plain) {
    int end = at;
    for (byte each : plain) {
      if (end >= text.length || text[end] != '%') {
        return -1;
      }
      end++;
      while ((each & 0xff) != 0x25 && number(text, end, 2) == 0x25) {
        end += 2;
      }
      if (number(text, end, 2) != (each & 0xff)) {
        return -1;
      }
      end += 2;
    }
    return end;
  }

  private static int entity(byte[] text, int at, int letter) {
    int semicolon = at + 1;
    while (semicolon < text.length && semicolon < at + 10 && text[semicolon] != ';') {
      semicolon++;
    }
    if (semicolon >= text.length || text[semicolon] != ';') {
      return -1;
    }
    String name = new String(text, at + 1, semicolon - at - 1, StandardCharsets.ISO_8859_1);
    Integer meant = ENTITIES.get(name);
    if (meant == null && name.matches("#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}")) {
      boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
      meant = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
    }
    return meant != null && meant == letter ? semicolon + 1 : -1;
  }

  /** A number of so many hexadecimal digits; -1: it is none. */
  private static int number(byte[] text, int at, int digits) {
    if (at + digits > text.length) {
      return -1;
    }
    int number = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return -1;
      }
      number = number * 16 + digit;
    }
    return number;
  }

  private static byte[] utf8(int letter) {
    return Character.toString(letter).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "SpelledSecret[hidden]";
  }

  /** Where a beginning of the secret may end, counted from where it begins. */
  private static final class Ends {
    private final BitSet lengths = new BitSet();
    private final int begin;

    Ends(int begin) {
      this.begin = begin;
    }

    /** Nothing for a negative one. */
    void add(int end) {
      if (end >= 0) {
        lengths.set(end - begin);
      }
    }

    boolean isEmpty() {
      return lengths.isEmpty();
    }

    int after(int end) {
      int next = lengths.nextSetBit(end - begin + 1);
      return next < 0 ? -1 : begin + next;
    }

    int last() {
      return isEmpty() ? -1 : begin + lengths.length() - 1;
    }
  }
}

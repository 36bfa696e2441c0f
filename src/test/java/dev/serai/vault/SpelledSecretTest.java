package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpelledSecretTest {
  private static final SpelledSecret SECRET = new SpelledSecret("pass/wo+rd&\"q\\ü€😀.");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pass/wo+rd&\"q\\ü€😀.",
        "pass\\/wo+rd&\\\"q\\\\ü€😀.",
        "pass/wo\\u002Brd\\u0026\\u0022q\\\\\\u00FC\\u20AC\\uD83D\\uDE00.",
        "p\\u0061ss\\u002fwo\\u002brd&\\\"q\\u005c\\u00fc\\u20ac\\ud83d\\ude00\\u002e",
        "pass\\\\\\/wo\\\\u002Brd&\\\\\\\"q\\\\\\\\ü€😀.",
        "pass%2Fwo%2Brd%26%22q%5C%C3%BC%E2%82%AC%F0%9F%98%80.",
        "pass%2fwo%2brd%26%22q%5c%c3%bc%e2%82%ac%f0%9f%98%80%2e",
        "pass%252Fwo%252Brd%2526%2522q%255C%25C3%25BC%25E2%2582%25AC%25F0%259F%2598%2580.",
        "pass/wo&#43;rd&amp;&quot;q\\&#xfc;&#8364;&#x1F600;."
      })
  void a_secret_is_met_in_every_spelling_of_its_letters(String spelled) {
    String text = "you sent '" + spelled + "', and " + spelled;

    assertThat(without(SECRET, text)).isEqualTo("you sent '[redacted]', and [redacted]");
  }

  @Test
  void any_mixture_of_spellings_is_met() {
    Random random = new Random(20261126);
    String secret = "canary-/+&\"-0123456789 %5C \\u002B";
    for (int i = 0; i < 5_000; i++) {
      String spelled =
          secret
              .chars()
              .mapToObj(letter -> spelled(random, (char) letter))
              .collect(Collectors.joining());
      assertThat(without(new SpelledSecret(secret), "x" + spelled + "x"))
          .as(spelled)
          .isEqualTo("x[redacted]x");
    }
  }

  private static String spelled(Random random, char letter) {
    String unicode = String.format("\\u%04x", (int) letter);
    return switch (random.nextInt(4)) {
      case 0 -> unicode.toUpperCase(java.util.Locale.ROOT).replace("\\U", "\\u");
      case 1 -> unicode;
      case 2 -> URLEncoder.encode(Character.toString(letter), StandardCharsets.UTF_8);
      default -> letter == '"' || letter == '/' || letter == '\\' ? "\\" + letter : "" + letter;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pass/wo+rd&\"q\\ü€😀",
        "pass/wo-rd&\"q\\ü€😀.",
        "pass\\u002",
        "pass%2",
        "pass&",
        "pass\\",
        "pass%2Fwo%2Brd&am",
        ""
      })
  void what_is_another_text_or_cut_off_stays(String text) {
    assertThat(without(SECRET, text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "wrong pin 1234, wrong pin [redacted]",
    "'{\"pin\":\"1234\"}', '{\"pin\":\"[redacted]\"}'",
    "at 12345 and 01234 and a1234 and _1234, at 12345 and 01234 and a1234 and _1234",
  })
  void a_short_one_counts_only_where_it_stands_alone(String text, String clean) {
    assertThat(without(new SpelledSecret("1234"), text)).isEqualTo(clean);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAABBBB", "AAAA BBBB", "AAAA\r\nBBBB", "AAAA\\nBBBB", "AAAA\nBBBB"})
  void lines_of_a_key_are_met_however_they_are_joined(String text) {
    assertThat(without(new SpelledSecret("AAAA\nBBBB\n"), text + ".")).isEqualTo("[redacted].");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "a"})
  @Timeout(20)
  void a_text_that_is_made_to_be_searched_for_long_goes_altogether(String letter) {
    SpelledSecret secret = new SpelledSecret(letter.repeat(10_000) + "x");

    assertThat(without(secret, letter.repeat(200_000))).isEqualTo("[redacted]");
  }

  @Test
  void a_text_without_it_is_not_copied() {
    byte[] text = "{\"a\":\"b \\\" c%20\"}".repeat(1000).getBytes(StandardCharsets.UTF_8);

    assertThat(SECRET.outOf(text)).isSameAs(text);
  }

  private static String without(SpelledSecret secret, String text) {
    return new String(secret.outOf(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }
}

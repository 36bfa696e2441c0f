package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.record.CanonicalJson.Unstorable;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalHashTest {

  @ParameterizedTest(name = "{0} is spelled {1}")
  @CsvSource({
    "0, 0",
    "-0, 0",
    "0.000, 0",
    "0e999999999, 0",
    "1, 1",
    "1.0, 1",
    "1e0, 1",
    "10e-1, 1",
    "-1.50, -1.5",
    "100, 100",
    "1e2, 100",
    "1E+2, 100",
    "0.1, 0.1",
    "0.10000000000000000001, 0.10000000000000000001",
    "9007199254740992, 9007199254740992",
    "9007199254740993, 9007199254740993",
    "9007199254740993.0, 9007199254740993",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, 9223372036854775808",
    "123456789012345678901, 123456789012345678901",
    "1234567890123456789012, 1.234567890123456789012e+21",
    "1e21, 1e+21",
    "1e20, 100000000000000000000",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "12.5e-9, 1.25e-8",
    "1e131071, 1e+131071",
    "1e-16383, 1e-16383",
  })
  void a_number_has_one_spelling(String given, String spelled) {
    assertThat(canonical(given)).isEqualTo(spelled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e131072",
        "1e999999999",
        "-1e999999999",
        "1e-16384",
        "1.5e-16383",
        "\"a\\u0000b\"",
        "{\"a\\u0000\":1}",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "{\"\\ud83d\":1}"
      })
  void what_jsonb_refuses_is_refused_at_once(String json) {
    assertThatThrownBy(() -> CanonicalHash.of(Json.parse(json))).isInstanceOf(Unstorable.class);
  }

  @Test
  void a_number_that_is_not_finite_is_refused() {
    assertThatThrownBy(() -> CanonicalHash.of(DoubleNode.valueOf(Double.NaN)))
        .isInstanceOf(Unstorable.class)
        .hasMessage("holds a number that is not finite");
  }

  @Test
  void a_double_made_by_a_mapping_counts_as_its_decimal() throws Exception {
    assertThat(CanonicalHash.of(DoubleNode.valueOf(0.1)))
        .isEqualTo(CanonicalHash.of(Json.parse("0.10")));
  }

  @Test
  void keys_stand_in_the_order_of_their_utf16_units() {
    // RFC 8785 §3.2.3: the supplementary character sorts before U+FB33, though its code point is
    // larger.
    String given =
        "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}";

    assertThat(canonical(given))
        .isEqualTo("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");
  }

  @Test
  void only_what_must_be_escaped_is() {
    assertThat(
            canonical(
                "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\\b\\f\\t\\u007f\""))
        .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\t\u007f\"");
  }

  @Test
  void one_digit_makes_a_difference_and_order_and_spelling_do_not() throws Exception {
    byte[] hash = CanonicalHash.of(Json.parse("{\"a\":1.0,\"b\":[\"é\",{\"x\":null,\"y\":true}]}"));

    assertThat(hash).hasSize(16);
    assertThat(
            CanonicalHash.of(Json.parse("{\"b\":[\"\\u00e9\",{\"y\":true,\"x\":null}],\"a\":1}")))
        .isEqualTo(hash);
    assertThat(
            CanonicalHash.of(
                Json.parse("{\"a\":1.0000000000000000001,\"b\":[\"é\",{\"x\":null,\"y\":true}]}")))
        .isNotEqualTo(hash);
    assertThat(CanonicalHash.of(Json.parse("{\"a\":\"1\",\"b\":[\"é\",{\"x\":null,\"y\":true}]}")))
        .isNotEqualTo(hash);
  }

  @Test
  void any_text_reads_back_as_it_was() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      String text = text(random);

      assertThat(
              Json.parse(canonical(Json.write(Json.object().put(text, text))))
                  .get(text)
                  .textValue())
          .isEqualTo(text);
    }
  }

  @Test
  void a_refused_record_leaves_no_trace_in_the_buffer() throws Exception {
    CanonicalJson json = new CanonicalJson();
    json.append((ObjectNode) Json.parse("{\"id\":1}"), "1");

    assertThatThrownBy(
            () -> json.append((ObjectNode) Json.parse("{\"id\":2,\"z\":\"\\u0000\"}"), "2"))
        .isInstanceOf(Unstorable.class);
    json.append((ObjectNode) Json.parse("{\"n\":3.0,\"id\":3}"), "3");

    assertThat(new String(json.buffer(), 0, json.length(), StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":\"1\"}{\"id\":\"3\",\"n\":3}");
  }

  private static String canonical(String json) {
    try {
      CanonicalJson canonical = new CanonicalJson();
      canonical.append(Json.parse(json));
      return new String(canonical.buffer(), 0, canonical.length(), StandardCharsets.UTF_8);
    } catch (Unstorable e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      int point = 1 + random.nextInt(random.nextBoolean() ? 0x7f : 0x10ffff);
      text.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 'x' : point);
    }
    return text.toString();
  }
}

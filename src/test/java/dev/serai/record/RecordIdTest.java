package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIdTest {

  @ParameterizedTest
  @CsvSource({"7,7", "-7,-7", "7.0,7", "7e2,700", "12345678901234567890,12345678901234567890"})
  void a_whole_number_is_its_digits(String json, String id) {
    assertThat(RecordId.of(Json.parse(json))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "7.5",
        "1e999999999",
        "\"a\\u0000\"",
        "\"\\ud800\""
      })
  void what_cannot_name_a_record_is_no_id(String json) {
    assertThat(RecordId.of(Json.parse(json))).isNull();
  }

  @Test
  void an_id_has_1_to_255_characters() {
    assertThat(RecordId.of("é".repeat(255))).hasSize(255);
    assertThat(RecordId.of("😀".repeat(255))).isNotNull();
    assertThat(RecordId.of("a".repeat(256))).isNull();
    assertThat(RecordId.of("")).isNull();
    assertThat(RecordId.of("line\nbreak, quote \" and \\"))
        .isEqualTo("line\nbreak, quote \" and \\");
  }
}

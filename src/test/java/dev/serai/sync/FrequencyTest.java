package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrequencyTest {

  @ParameterizedTest
  @CsvSource({
    "every 15m, PT15M",
    "30s, PT30S",
    "every 2 hours, PT2H",
    "every hour, PT1H",
    "1 day, PT24H",
    "every half day, PT12H",
    "half hour, PT30M",
    "quarter hour, PT15M",
    "week, PT168H",
    "every month, PT720H",
    "EVERY 5 MINUTES, PT5M"
  })
  void understands_the_words_of_the_contract(String text, Duration expected) {
    assertThat(Frequency.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "every", "15", "every 5 fortnights", "-5m", "99999999999999999999h"})
  void refuses_what_is_no_frequency(String text) {
    assertThatThrownBy(() -> Frequency.parse(text))
        .isInstanceOf(InvalidFrequency.class)
        .extracting("code")
        .isEqualTo("invalid_frequency");
  }

  @ParameterizedTest
  @ValueSource(strings = {"29s", "every 1 second", "0m"})
  void refuses_less_than_thirty_seconds(String text) {
    assertThatThrownBy(() -> Frequency.parse(text))
        .isInstanceOf(InvalidFrequency.class)
        .extracting("code")
        .isEqualTo("sync_interval_too_short");
  }

  @ParameterizedTest
  @CsvSource({"PT15M, every 15m", "PT90S, every 90s", "PT2H, every 2h", "PT48H, every 2d"})
  void spells_the_largest_unit_that_fits(Duration duration, String expected) {
    assertThat(Frequency.format(duration)).isEqualTo(expected);
  }
}

package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AskedPauseTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void a_pause_is_a_number_of_seconds_or_a_date_and_never_longer_than_an_hour() {
    assertThat(asked("Retry-After", "30")).isEqualTo(Duration.ofSeconds(30));
    assertThat(asked("retry-after", "Fri, 02 Jan 2026 03:05:05 GMT"))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(asked("Retry-After", "86400")).isEqualTo(Duration.ofHours(1));
    assertThat(asked("Retry-After", "Fri, 02 Jan 2026 03:03:05 GMT")).isEqualTo(Duration.ZERO);
    assertThat(asked("Retry-After", "soon")).isEqualTo(Duration.ZERO);
  }

  @Test
  void a_limit_that_is_reached_says_when_it_is_over() {
    Headers reached = Headers.NONE.with("X-RateLimit-Remaining", "0");
    Headers reset = reached.with("X-RateLimit-Reset", Long.toString(NOW.getEpochSecond() + 90));

    assertThat(AskedPause.of(reset, NOW)).isEqualTo(Duration.ofSeconds(90));
    assertThat(AskedPause.of(reached.with("RateLimit-Reset", "7"), NOW))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(AskedPause.of(reset.with("X-RateLimit-Remaining", "3"), NOW)).isZero();
    assertThat(AskedPause.limited(reached)).isTrue();
    assertThat(AskedPause.limited(Headers.NONE.with("X-RateLimit-Remaining", "3"))).isFalse();
  }

  private static Duration asked(String name, String value) {
    return AskedPause.of(Headers.NONE.with(name, value), NOW);
  }
}

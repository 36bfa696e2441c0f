package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant NOON = Instant.parse("2026-03-28T12:00:00Z");

  @Test
  void missed_ticks_collapse_into_the_next_one_on_the_grid() {
    Schedule hourly = new Schedule.Every(Duration.ofHours(1));

    assertThat(hourly.next(NOON, NOON.plusSeconds(5))).isEqualTo("2026-03-28T13:00:00Z");
    assertThat(hourly.next(NOON, NOON.plus(Duration.ofMinutes(605))))
        .isEqualTo("2026-03-28T23:00:00Z");
  }

  @Test
  void a_run_triggered_ahead_of_its_time_starts_the_grid_anew() {
    Schedule hourly = new Schedule.Every(Duration.ofHours(1));

    assertThat(hourly.next(NOON.plusSeconds(1800), NOON)).isEqualTo("2026-03-28T13:00:00Z");
  }

  @Test
  void cron_follows_its_time_zone_through_the_change_of_clocks() {
    Schedule daily = new Schedule.Cron("0 0 3 * * ?", ZoneId.of("Europe/Berlin"));

    assertThat(daily.next(NOON, NOON)).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(daily.next(NOON, Instant.parse("2026-03-27T12:00:00Z")))
        .isEqualTo("2026-03-28T02:00:00Z");
  }

  @Test
  void a_wrong_cron_expression_is_refused_when_the_route_is_loaded() {
    assertThatThrownBy(() -> new Schedule.Cron("every full moon", ZoneId.of("UTC")))
        .hasMessageContaining("is not a Quartz cron expression");
  }
}

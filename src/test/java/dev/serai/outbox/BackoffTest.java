package dev.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = Backoff.overThreeDays(new Random(1));

  @Test
  void waits_grow_from_seconds_to_hours_and_end_after_about_three_days() {
    List<Duration> waits = new ArrayList<>();
    for (int tries = 1; backoff.after(tries, Optional.empty()).isPresent(); tries++) {
      waits.add(backoff.after(tries, Optional.empty()).orElseThrow());
    }

    Duration whole = waits.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waits).hasSize(12);
    assertThat(waits.getFirst()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(whole).isBetween(Duration.ofHours(58), Duration.ofHours(87));
  }

  @Test
  void what_failed_together_does_not_come_back_together() {
    Optional<Duration> first = backoff.after(4, Optional.empty());

    assertThat(backoff.after(4, Optional.empty())).isNotEqualTo(first);
  }

  @Test
  void a_receiver_may_ask_for_a_longer_wait_but_not_for_a_shorter_one_or_for_ever() {
    assertThat(backoff.after(1, Optional.of(Duration.ofMinutes(7))))
        .hasValue(Duration.ofMinutes(7));
    assertThat(backoff.after(4, Optional.of(Duration.ofSeconds(1))).orElseThrow())
        .isGreaterThan(Duration.ofMinutes(7));
    assertThat(backoff.after(1, Optional.of(Duration.ofDays(365)))).hasValue(Duration.ofHours(24));
  }
}

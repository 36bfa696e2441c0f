package dev.serai.inbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a delivery is believed. */
sealed interface Verdict {
  /**
   * @param connections whose own secrets proved it; null: the integration's did
   */
  record Proven(@Nullable List<Long> connections) implements Verdict {}

  record Refused(Refusal why) implements Verdict {}
}

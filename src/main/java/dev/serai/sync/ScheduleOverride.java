package dev.serai.sync;

import org.jspecify.annotations.Nullable;

/** A connection's own frequency wins over the route's. */
final class ScheduleOverride {
  private ScheduleOverride() {}

  static Schedule of(@Nullable String frequency, Schedule route) {
    return frequency == null ? route : new Schedule.Every(Frequency.parse(frequency));
  }
}

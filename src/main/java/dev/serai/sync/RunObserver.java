package dev.serai.sync;

import java.time.Duration;

/** Told of every run that a node let go of; for metrics. Must not block or throw. */
@FunctionalInterface
public interface RunObserver {
  /**
   * @param outcome {@code success, failed, suspended, cancelled, let_go}
   */
  void ended(String provider, String sync, String outcome, Duration took);
}

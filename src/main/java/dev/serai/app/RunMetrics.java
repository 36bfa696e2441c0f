package dev.serai.app;

import dev.serai.sync.RunObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** {@code serai_sync_run_seconds} by provider, sync and outcome. */
final class RunMetrics implements RunObserver {
  private final MeterRegistry metrics;

  RunMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void ended(String provider, String sync, String outcome, Duration took) {
    metrics
        .timer("serai.sync.run", "provider", provider, "sync", sync, "outcome", outcome)
        .record(took);
  }
}

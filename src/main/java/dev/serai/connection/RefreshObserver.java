package dev.serai.connection;

/** Told of every renewal that was tried; for metrics. Must not block or throw. */
@FunctionalInterface
public interface RefreshObserver {
  RefreshObserver NONE = (provider, outcome) -> {};

  /**
   * @param outcome {@code renewed, passing, uncertain, dead, misconfigured}
   */
  void ended(String provider, String outcome);
}

package dev.serai.sync;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A frequency that is not understood, or too short to be kind to a provider. */
public final class InvalidFrequency extends SeraiException {
  private InvalidFrequency(String code, String message) {
    super(code, Origin.CALLER, message);
  }

  static InvalidFrequency notUnderstood(String text) {
    return new InvalidFrequency(
        "invalid_frequency",
        "'" + text + "' is not a frequency: write it like 'every 15m' or 'every 2 hours'");
  }

  static InvalidFrequency tooShort(String text) {
    return new InvalidFrequency(
        "sync_interval_too_short",
        "'" + text + "' is too short: the shortest frequency is 30 seconds");
  }
}

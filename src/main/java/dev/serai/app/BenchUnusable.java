package dev.serai.app;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A measurement that would be of something else. */
final class BenchUnusable extends SeraiException {
  BenchUnusable(String why) {
    super("bench_unusable", Origin.OURS, "Nothing was measured: " + why);
  }
}

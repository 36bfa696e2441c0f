package dev.serai.app;

import java.util.Locale;

/** Seconds with one decimal, for people. */
final class Elapsed {
  private Elapsed() {}

  static String since(long nanoTime) {
    return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - nanoTime) / 1e9);
  }
}

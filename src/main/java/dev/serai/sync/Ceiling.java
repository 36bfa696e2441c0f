package dev.serai.sync;

/**
 * Where lists break off: many APIs list no more than a round number of records, and say nothing.
 */
final class Ceiling {
  private static final long SMALLEST = 1_000;

  private Ceiling() {}

  /** 1, 2, 2.5 or 5 times a power of ten, from 1,000. */
  static boolean looksLike(long listed) {
    long head = listed;
    while (head >= 100 && head % 10 == 0) {
      head /= 10;
    }
    return listed >= SMALLEST && (head == 10 || head == 20 || head == 25 || head == 50);
  }
}

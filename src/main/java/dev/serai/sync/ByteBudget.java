package dev.serai.sync;

import java.util.concurrent.Semaphore;

/**
 * Bounds the answer bytes that a node holds between fetch and commit. An answer larger than the
 * whole budget takes all of it. Thread-safe.
 */
final class ByteBudget {
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;

  ByteBudget(long bytes) {
    this.units = Math.toIntExact(Math.max(1, bytes / UNIT));
    this.free = new Semaphore(units, true);
  }

  /** Waits for room; the result gives it back. */
  Permit take(long bytes) throws InterruptedException {
    int wanted = (int) Math.min(units, (bytes + UNIT - 1) / UNIT);
    free.acquire(wanted);
    return new Permit(wanted);
  }

  final class Permit {
    private int held;

    private Permit(int held) {
      this.held = held;
    }

    /** Gives the room back; a second call does nothing. */
    synchronized void release() {
      free.release(held);
      held = 0;
    }
  }
}

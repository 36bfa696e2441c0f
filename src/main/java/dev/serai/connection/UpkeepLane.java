package dev.serai.connection;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Room for so many renewals at once, that nobody waits for; no connection is in it twice.
 * Thread-safe.
 */
final class UpkeepLane {
  private final int width;
  private final Semaphore room;
  private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

  UpkeepLane(int width) {
    this.width = width;
    this.room = new Semaphore(width);
  }

  /** What came of offering work. */
  enum Offered {
    BEGUN,
    IN_HAND_ALREADY,
    NO_ROOM
  }

  /**
   * @param patience so long for room
   */
  Offered offer(long connection, Runnable work, Duration patience) {
    if (inHand.contains(connection)) {
      return Offered.IN_HAND_ALREADY;
    }
    try {
      if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return Offered.NO_ROOM;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Offered.NO_ROOM;
    }
    if (!inHand.add(connection)) {
      room.release();
      return Offered.IN_HAND_ALREADY;
    }
    Thread.ofVirtual()
        .name("token-upkeep")
        .start(() -> {
          try {
            work.run();
          } finally {
            inHand.remove(connection);
            room.release();
          }
        });
    return Offered.BEGUN;
  }

  boolean idle() {
    return room.availablePermits() == width;
  }
}

package dev.serai.sync;

import dev.serai.database.DatabaseTrouble;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Beats on a platform thread of its own: it must not wait for a carrier that pages keep busy. */
final class Heartbeat {
  private Heartbeat() {}

  static void start(Duration every, Runnable beat, BooleanSupplier stopped) {
    Thread.ofPlatform().name("sync-heartbeat").daemon().start(() -> go(every, beat, stopped));
  }

  private static void go(Duration every, Runnable beat, BooleanSupplier stopped) {
    DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("heartbeat");
    while (!stopped.getAsBoolean()) {
      try {
        Thread.sleep(every);
        beat.run();
        trouble.over();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        trouble.met(e); // whatever it is, the next beat may still save the leases
      }
    }
  }
}

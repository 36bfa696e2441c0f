package dev.serai.sync;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Beats on a platform thread of its own: it must not wait for a carrier that pages keep busy. */
final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private Heartbeat() {}

  static void start(Duration every, Runnable beat, BooleanSupplier stopped) {
    Thread.ofPlatform()
        .name("sync-heartbeat")
        .daemon()
        .start(() -> {
          while (!stopped.getAsBoolean()) {
            try {
              Thread.sleep(every);
              beat.run();
            } catch (InterruptedException e) {
              return;
            } catch (RuntimeException e) {
              LOG.warn("heartbeat missed, tried again: {}", e.toString());
            }
          }
        });
  }
}

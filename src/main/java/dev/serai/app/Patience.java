package dev.serai.app;

import dev.serai.database.DatabaseTrouble;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A start that meets an outage of the database waits, as a running Serai does; it does not end. */
final class Patience {
  private static final Logger log = LoggerFactory.getLogger(Patience.class);
  private static final long PAUSE_MILLIS = 500;

  private Patience() {}

  /** Does the step again until the database lets it; any other failure is passed on. */
  static <T> T with(Readiness readiness, Supplier<T> step) {
    while (true) {
      try {
        T done = step.get();
        readiness.clear("database");
        return done;
      } catch (RuntimeException e) {
        if (!DatabaseTrouble.is(e)) {
          throw e;
        }
        readiness.notReady("database", "away during the start");
        log.warn("Waiting for the database: {}", e.getMessage());
        pause(e);
      }
    }
  }

  private static void pause(RuntimeException why) {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw why;
    }
  }
}

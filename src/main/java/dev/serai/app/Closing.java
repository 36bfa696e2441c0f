package dev.serai.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened, closed once in the opposite order; one that fails does not keep the others open.
 */
final class Closing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closing.class);

  private record Step(String name, AutoCloseable what) {}

  private final Deque<Step> steps = new ArrayDeque<>();
  private boolean closed;

  /** Remembers it; what is opened during a stop is closed at once. */
  <T extends AutoCloseable> T add(String name, T what) {
    synchronized (this) {
      if (!closed) {
        steps.push(new Step(name, what));
        return what;
      }
    }
    close(new Step(name, what));
    return what;
  }

  @Override
  public void close() {
    closeAll();
  }

  /** As {@link #close}; answers whether anything was open. */
  boolean closeAll() {
    boolean any = false;
    synchronized (this) {
      closed = true;
    }
    while (true) {
      Step step;
      synchronized (this) {
        step = steps.poll();
      }
      if (step == null) {
        return any;
      }
      any = true;
      close(step);
    }
  }

  private static void close(Step step) {
    long started = System.nanoTime();
    try {
      step.what().close();
      log.debug("{} closed in {} s", step.name(), Elapsed.since(started));
    } catch (Exception e) {
      log.warn("{} did not close cleanly", step.name(), e);
    }
  }
}

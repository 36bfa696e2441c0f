package dev.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server process running until closed: a server that dies is started again, with growing
 * pauses while it keeps dying. The process hangs on this object's platform thread, so it stops when
 * the JVM is killed.
 */
final class ServerSupervisor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerSupervisor.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration STOP_PATIENCE = Duration.ofMillis(4_500);

  private final List<String> command;
  private final Path output;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger deaths = new AtomicInteger();
  private volatile @Nullable Process process;

  ServerSupervisor(List<String> command, Path output) {
    this.command = command;
    this.output = output;
    this.thread = new Thread(this::keepRunning, "postgres-supervisor");
    thread.setDaemon(true);
    thread.start();
  }

  /** How often the server has ended without being asked to. */
  int deaths() {
    return deaths.get();
  }

  /** The last words of the server before its own log began: why it does not start. */
  String lastWords() {
    try {
      String text = Files.readString(output).strip();
      return text.substring(Math.max(0, text.length() - 600));
    } catch (IOException e) {
      return "(no output)";
    }
  }

  private void keepRunning() {
    Duration pause = FIRST_PAUSE;
    while (closing.getCount() > 0) {
      long started = System.nanoTime();
      int code = runOnce();
      if (closing.getCount() == 0) {
        return;
      }
      deaths.incrementAndGet();
      boolean lived = System.nanoTime() - started > Duration.ofSeconds(30).toNanos();
      pause = lived ? FIRST_PAUSE : pause;
      log.error(
          "PostgreSQL ended by itself (exit {}); starting it again in {} ms",
          code,
          pause.toMillis());
      waitOrClose(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private int runOnce() {
    try {
      Process started =
          Child.process(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile())
              .start();
      process = started;
      if (closing.getCount() == 0) {
        Postmaster.stop(started.toHandle(), STOP_PATIENCE);
      }
      return started.waitFor();
    } catch (IOException e) {
      log.error("PostgreSQL cannot be started", e);
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private void waitOrClose(Duration pause) {
    try {
      if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("closing instead of starting again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    Process running = process;
    if (running != null && running.isAlive()) {
      Postmaster.stop(running.toHandle(), STOP_PATIENCE);
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

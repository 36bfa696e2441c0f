package dev.serai.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server process of a data folder, known by its {@code postmaster.pid}, and how to stop it. */
final class Postmaster {
  private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

  /** Above any pid a kernel gives out. */
  private static final String NOBODY = "999999999";

  private Postmaster() {}

  /**
   * Stops a server that an earlier, killed Serai left behind on this data folder. A pid that now
   * belongs to another program is taken out of the file, the rest of it stays: PostgreSQL still
   * checks for itself whether the old shared memory is in use.
   */
  static void stopLeftOver(Path data) {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return;
    }
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      Optional<ProcessHandle> process =
          lines.isEmpty()
              ? Optional.empty()
              : ProcessHandle.of(Long.parseLong(lines.get(0).trim()));
      if (process.isEmpty() || !process.get().isAlive()) {
        return;
      }
      if (serves(process.get(), data)) {
        log.warn(
            "PostgreSQL of an earlier run still works on {} (pid {}); stopping it",
            data,
            process.get().pid());
        stop(process.get(), Duration.ofSeconds(10));
      } else {
        lines.set(0, NOBODY);
        Files.write(file, lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    } catch (NumberFormatException e) {
      log.warn("{} names no process; PostgreSQL will judge it", file);
    }
  }

  private static boolean serves(ProcessHandle process, Path data) {
    String command = process.info().command().orElse("");
    String[] arguments = process.info().arguments().orElse(new String[0]);
    return command.endsWith("postgres") && Arrays.asList(arguments).contains(data.toString());
  }

  /** Fast shutdown; immediate shutdown after the patience; the hard way after that. */
  static void stop(ProcessHandle process, Duration patience) {
    signal(process, "INT");
    if (!ended(process, patience)) {
      log.warn("PostgreSQL did not stop within {} s; stopping it at once", patience.toSeconds());
      signal(process, "QUIT");
      if (!ended(process, Duration.ofSeconds(3))) {
        process.destroyForcibly();
      }
    }
  }

  private static boolean ended(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  /** Java can only send TERM, which PostgreSQL reads as "wait until every client has left". */
  private static void signal(ProcessHandle process, String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(2, TimeUnit.SECONDS);
    } catch (IOException e) {
      log.warn("Cannot signal PostgreSQL (pid {})", process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

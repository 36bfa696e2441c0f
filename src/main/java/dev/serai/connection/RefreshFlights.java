package dev.serai.connection;

import dev.serai.database.DatabaseTrouble;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renewals under way on this node: one per connection, whoever asks for it, on a thread of its own,
 * so that nobody who only waits can break it off. Keeps the leases of those that are ours alive.
 * Thread-safe.
 */
final class RefreshFlights implements AutoCloseable, Refresh.Parting {
  private static final Logger LOG = LoggerFactory.getLogger(RefreshFlights.class);

  private final Map<Long, CompletableFuture<RefreshOutcome>> flights = new ConcurrentHashMap<>();
  private final Map<Long, Long> leases = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("refresh-", 0).factory());
  private final RefreshStore store;
  private final RefreshSettings settings;
  private volatile boolean stopping;
  private volatile boolean closed;

  RefreshFlights(RefreshStore store, RefreshSettings settings) {
    this.store = store;
    this.settings = settings;
    // A platform thread: it must not wait for a carrier that others keep busy.
    Thread.ofPlatform().name("refresh-heartbeat").daemon().start(this::beats);
  }

  /**
   * Empty: it takes longer than the patience, and goes on without the caller; or this node is being
   * stopped, and it does not begin.
   */
  Optional<RefreshOutcome> join(long connection, Supplier<RefreshOutcome> work, Duration patience) {
    try {
      CompletableFuture<RefreshOutcome> flight =
          flights.computeIfAbsent(connection, id -> started(id, work));
      return Optional.of(flight.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | RejectedExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new CompletionException(e.getCause());
    }
  }

  private CompletableFuture<RefreshOutcome> started(long id, Supplier<RefreshOutcome> work) {
    CompletableFuture<RefreshOutcome> flight = new CompletableFuture<>();
    threads.execute(() -> {
      try {
        RefreshOutcome outcome = work.get();
        flights.remove(id, flight);
        flight.complete(outcome);
      } catch (Throwable e) {
        flights.remove(id, flight);
        flight.completeExceptionally(e);
      }
    });
    return flight;
  }

  /** Does the work as the owner of this lease. */
  RefreshOutcome owning(long connection, long fence, Supplier<RefreshOutcome> work) {
    leases.put(connection, fence);
    try {
      return work.get();
    } finally {
      leases.remove(connection, fence);
    }
  }

  @Override
  public boolean begun() {
    return stopping;
  }

  @Override
  public boolean over() {
    return closed;
  }

  private void beats() {
    DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("refresh heartbeat");
    while (!closed) {
      try {
        Thread.sleep(settings.heartbeat());
        leases.forEach((connection, fence) -> store.extend(connection, fence, settings.lease()));
        trouble.over();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        trouble.met(e); // whatever it is, the next beat may still save the leases
      }
    }
  }

  /**
   * Sends nothing from here on, and waits for the answers to what was sent. Whoever still waits
   * after that is not broken off: while the process lives the answer may come, and be stored; what
   * does not is taken up by the next owner.
   */
  @Override
  public void close() {
    stopping = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(settings.parting().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "{} token renewals had no answer within {}; the next node takes them up",
            leases.size(),
            settings.parting());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closed = true;
  }
}

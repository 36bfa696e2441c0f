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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Renewals under way on this node: one per connection, whoever asks for it, on a thread of its own,
 * so that nobody who only waits can break it off. Keeps the leases of those that are ours alive.
 * Thread-safe.
 */
final class RefreshFlights implements AutoCloseable {
  private final Map<Long, CompletableFuture<RefreshOutcome>> flights = new ConcurrentHashMap<>();
  private final Map<Long, Long> leases = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("refresh-", 0).factory());
  private final RefreshStore store;
  private final RefreshSettings settings;
  private volatile boolean stopping;

  RefreshFlights(RefreshStore store, RefreshSettings settings) {
    this.store = store;
    this.settings = settings;
    // A platform thread: it must not wait for a carrier that others keep busy.
    Thread.ofPlatform().name("refresh-heartbeat").daemon().start(this::beats);
  }

  /** Empty: it takes longer than the patience, and goes on without the caller. */
  Optional<RefreshOutcome> join(long connection, Supplier<RefreshOutcome> work, Duration patience) {
    CompletableFuture<RefreshOutcome> flight =
        flights.computeIfAbsent(connection, id -> started(id, work));
    try {
      return Optional.of(flight.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
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

  boolean stopping() {
    return stopping;
  }

  private void beats() {
    DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("refresh heartbeat");
    while (!stopping) {
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

  /** Renewals in flight end, for at most 5 s; what does not is taken up by the next owner. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      boolean unused = threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopping = true;
    threads.shutdownNow();
  }
}

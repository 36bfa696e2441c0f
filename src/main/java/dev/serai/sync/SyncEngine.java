package dev.serai.sync;

import dev.serai.database.DatabaseTrouble;
import dev.serai.connection.Connection;
import dev.serai.stream.Streams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is due on this node: claims leases, runs each on a virtual thread, keeps the leases
 * alive, stops in order. Any number of nodes may tick at once; PostgreSQL decides. Thread-safe.
 */
public final class SyncEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SyncEngine.class);

  private static final Streams.Facts NO_ROUTE =
      new Streams.Facts(Streams.Deletes.NONE, false, true, 0, 0, 0);

  private final RunSettings settings;
  private final SyncRegistry registry;
  private final LeaseStore leases;
  private final RunBegin begin;
  private final RunEnd end;
  private final RunRooms rooms;
  private final LongFunction<Optional<Connection>> connections;
  private final Function<String, String> fingerprints;
  private final ExecutorService threads;
  private final Map<UUID, Thread> running = new ConcurrentHashMap<>();
  private final AtomicInteger starting = new AtomicInteger();
  private final Queue<Lease> unreleased = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;
  private volatile boolean formerLifeReleased;
  private final DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("looking for due syncs");
  private final RunObserver observer;

  SyncEngine(
      SyncWiring wiring,
      LeaseStore leases,
      RunBegin begin,
      RunEnd end,
      RunRooms rooms,
      ExecutorService threads) {
    this.settings = wiring.settings();
    this.registry = wiring.registry();
    this.connections = wiring.connections();
    this.fingerprints = wiring.fingerprints();
    this.observer = wiring.observer();
    this.leases = leases;
    this.begin = begin;
    this.end = end;
    this.rooms = rooms;
    this.threads = threads;
    Heartbeat.start(settings.heartbeat(), this::heartbeat, () -> stopping);
  }

  /**
   * Claims what is due and starts it; returns at once. A database that is away is told of once and
   * asked again at the next tick.
   *
   * @return how many runs were started
   */
  public synchronized int tick() {
    if (stopping) {
      return 0;
    }
    try {
      int started = claim();
      trouble.over();
      return started;
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.is(e)) {
        throw e;
      }
      trouble.met(e);
      return 0;
    }
  }

  private int claim() {
    if (!formerLifeReleased) {
      int released = leases.releaseFormerLife();
      formerLifeReleased = true;
      if (released > 0) {
        LOG.info("took up {} runs that this node's former life left open", released);
      }
    }
    releaseLate();
    int free = settings.concurrency() - running.size() - starting.get();
    if (free <= 0) {
      return 0;
    }
    List<Lease> claimed = leases.claim(registry.runnable(), free);
    claimed.forEach(this::start);
    return claimed.size();
  }

  // What could not be given back while the database was away would lie idle until its lease runs
  // out. Only its own token is released, so one that was taken over meanwhile stays.
  private void releaseLate() {
    for (Lease lease = unreleased.peek(); lease != null; lease = unreleased.peek()) {
      leases.release(lease, Duration.ZERO);
      unreleased.poll();
    }
  }

  /** How many runs are under way on this node. */
  public int running() {
    return running.size();
  }

  /** True when nothing is under way and nothing is about to be. */
  boolean idle() {
    return starting.get() == 0 && running.isEmpty();
  }

  private void start(Lease lease) {
    starting.incrementAndGet();
    threads.execute(() -> {
      running.put(lease.token(), Thread.currentThread());
      starting.decrementAndGet();
      try {
        run(lease);
      } catch (RuntimeException e) {
        if (DatabaseTrouble.is(e)) {
          unreleased.add(lease);
        }
        LOG.warn(
            "sync {} of connection {}: not ended, it goes on later: {}",
            lease.key(),
            lease.connection(),
            e.toString());
      } finally {
        running.remove(lease.token());
      }
    });
  }

  private void run(Lease lease) {
    Optional<Connection> connection = connections.apply(lease.connection());
    Optional<SyncRegistry.Registered> route = registry.find(lease.key());
    if (connection.isEmpty()) {
      leases.release(lease, settings.lease());
      return;
    }
    Streams.Facts facts =
        route.isPresent() ? rooms.streams().facts(lease.provider(), lease.name()) : NO_ROUTE;
    String fingerprint = fingerprints.apply(lease.provider());
    Optional<Run> opened = begin.begin(lease, connection.get(), facts, fingerprint);
    if (opened.isEmpty()) {
      return;
    }
    Run run = opened.get();
    long from = System.nanoTime();
    Verdict verdict =
        route.isEmpty() || !run.active()
            ? new Verdict.Cancelled()
            : new SyncRun(lease, run, connection.get(), route.get(), rooms, () -> stopping)
                .read(facts);
    if (verdict instanceof Verdict.LetGo) {
      boolean unused = Thread.interrupted(); // the lease is still to be given back
      leases.release(lease, stopping ? Duration.ZERO : Duration.ofSeconds(1));
      return;
    }
    boolean written =
        end.write(
            new RunEnd.Ending(lease, run, connection.get(), definition(lease, route), fingerprint),
            verdict);
    long nanos = System.nanoTime() - from;
    RunLog.ended(connection.get(), lease, run, verdict, written, nanos);
    observer.ended(lease.provider(), lease.name(), verdict.name(), Duration.ofNanos(nanos));
  }

  // A paused sync may have left a run open whose route is not here any more: it only has to be
  // ended.
  private static SyncDefinition definition(Lease lease, Optional<SyncRegistry.Registered> route) {
    return route
        .map(SyncRegistry.Registered::definition)
        .orElseGet(() ->
            new SyncDefinition(
                lease.provider(), lease.name(), Set.of(), new Schedule.Every(Duration.ofHours(1))));
  }

  // A run whose lease is gone is interrupted: it could write nothing any more.
  private void heartbeat() {
    Set<UUID> tokens = Set.copyOf(running.keySet());
    if (tokens.isEmpty()) {
      return;
    }
    leases.heartbeat(tokens);
    Set<UUID> held = leases.held(tokens);
    for (UUID token : tokens) {
      Thread thread = running.get(token);
      if (!held.contains(token) && thread != null) {
        LOG.warn("a lease was lost, its run stops");
        thread.interrupt();
      }
    }
  }

  /** Pages in flight finish or roll back; their runs go on at the next start. At most 6 s. */
  @Override
  public void close() {
    stopping = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(4, TimeUnit.SECONDS)) {
        running.values().forEach(Thread::interrupt);
        boolean done = threads.awaitTermination(2, TimeUnit.SECONDS);
        LOG.info(
            done ? "runs were interrupted" : "runs did not stop in time; their pages roll back");
      }
      rooms.fetches().shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts the engine together. */
  public static SyncEngine create(SyncWiring wiring) {
    RunSettings settings = wiring.settings();
    // Apart, because a stop closes the first to new runs while the pages of old ones still fetch.
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("sync-", 0).factory());
    ExecutorService fetches =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fetch-", 0).factory());
    RunStore runs = new RunStore(settings.lease());
    return new SyncEngine(
        wiring,
        new LeaseStore(wiring.database(), settings),
        new RunBegin(wiring.database(), runs, wiring.emptier(), wiring.clock()),
        RunEnd.of(wiring, runs),
        RunRooms.of(wiring, runs, fetches),
        threads);
  }
}

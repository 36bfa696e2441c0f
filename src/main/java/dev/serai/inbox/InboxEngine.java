package dev.serai.inbox;

import dev.serai.database.DatabaseTrouble;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the inbox on this node: dispatches deliveries, runs their tasks on virtual threads. Any
 * number of nodes may tick; PostgreSQL decides. Thread-safe.
 */
public final class InboxEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxEngine.class);

  private final WebhookRoutes routes;
  private final Dispatch dispatch;
  private final TaskStore tasks;
  private final BacklogStore backlog;
  private final TaskRun run;
  private final Semaphore slots;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("inbox-", 0).factory());
  private final Set<TaskRow> inHand = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicInteger rings = new AtomicInteger();
  private final DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("working off the inbox");
  private volatile Set<String> dispatched = Set.of();
  private volatile Set<String> refused = Set.of();
  private volatile boolean formerLifeReleased;
  private volatile boolean stopping;

  public InboxEngine(InboxWiring wiring) {
    this.routes = wiring.routes();
    this.dispatch = new Dispatch(wiring);
    this.tasks = new TaskStore(wiring.database(), wiring.node(), wiring.lease());
    this.backlog = wiring.backlog();
    this.run = new TaskRun(wiring, tasks, wiring.lease().multipliedBy(3).dividedBy(4));
    this.slots = new Semaphore(wiring.concurrency());
  }

  /**
   * From now on this node works. Before the providers' routes are loaded it must not: an event
   * would find no route and be done.
   *
   * @param providers those that are loaded
   * @param broken of which a route was refused; their tasks are left to other nodes, or to the day
   *     when they are mended
   */
  public void open(Set<String> providers, Set<String> broken) {
    refused = Set.copyOf(broken);
    dispatched = Set.copyOf(providers);
    tick();
  }

  /** There may be something to do; returns at once. */
  public void tick() {
    rings.incrementAndGet();
    if (!stopping && !dispatched.isEmpty() && looking.compareAndSet(false, true)) {
      try {
        threads.execute(this::look);
      } catch (java.util.concurrent.RejectedExecutionException e) {
        looking.set(false); // stopping
      }
    }
  }

  private void look() {
    int heard;
    do {
      heard = rings.get();
      try {
        round();
        trouble.over();
      } catch (Throwable e) { // an Error, too, must not leave this node blind
        tell(e);
      } finally {
        looking.set(false);
      }
      // Whoever rang since may have found us still looking.
    } while (heard != rings.get() && !stopping && looking.compareAndSet(false, true));
  }

  private void tell(Throwable e) {
    if (e instanceof RuntimeException away && DatabaseTrouble.is(e)) {
      trouble.met(away);
    } else {
      LOG.error("The inbox could not be looked through", e);
    }
  }

  private void round() {
    if (!formerLifeReleased) {
      int released = tasks.releaseFormer();
      formerLifeReleased = true;
      if (released > 0) {
        LOG.info("took up {} webhooks that this node's former life had in hand", released);
      }
    }
    backlog.refresh();
    try {
      while (!stopping && dispatch.one(dispatched)) {
        start();
      }
    } finally {
      start(); // tasks do not wait for deliveries that cannot be handed on
    }
  }

  private void start() {
    Set<String> providers = new HashSet<>(routes.providers());
    providers.removeAll(refused);
    int free = slots.drainPermits();
    if (stopping || free == 0 || providers.isEmpty()) {
      slots.release(free);
      return;
    }
    List<TaskRow> claimed = List.of();
    try {
      claimed = tasks.claim(providers, free);
    } finally {
      slots.release(free - claimed.size());
    }
    for (TaskRow task : claimed) {
      inHand.add(task);
      threads.execute(() -> run(task));
    }
  }

  private void run(TaskRow task) {
    try {
      run.run(task);
    } catch (InterruptedException e) {
      boolean unused = Thread.interrupted(); // the lease is still to be given back
      release(task);
    } catch (Throwable e) {
      LOG.warn("{} was not ended, it is done again: {}", task.label(), Why.of(e));
    } finally {
      inHand.remove(task);
      slots.release();
      tick();
    }
  }

  private void release(TaskRow task) {
    try {
      tasks.release(task);
    } catch (RuntimeException e) {
      LOG.warn("{} keeps its lease until that runs out: {}", task.label(), e.toString());
    }
  }

  /** How many tasks are under way on this node. */
  public int running() {
    return inHand.size();
  }

  /** Tasks under way finish or are given back; at most 6 s. */
  @Override
  public void close() {
    stopping = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(4, TimeUnit.SECONDS)) {
        threads.shutdownNow();
        if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
          LOG.info("webhooks did not stop in time; they are done again");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

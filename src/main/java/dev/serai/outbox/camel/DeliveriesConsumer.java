package dev.serai.outbox.camel;

import dev.serai.outbox.Answered;
import dev.serai.outbox.Delivery;
import dev.serai.outbox.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one exchange per due delivery and owns the outcome: when the route has returned, the result
 * is booked. A route that fails, hangs or filters the exchange away is a try without an answer.
 */
final class DeliveriesConsumer extends DefaultConsumer implements Suspendable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveriesConsumer.class);
  private static final Duration PATIENCE_WITH_DATABASE = Duration.ofSeconds(5);

  private final OutboxEndpoint endpoint;
  private final OutboxComponent.Needs needs;
  private final WebhookExchange exchanges;
  private final Semaphore slots;
  private final Set<Thread> tries = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread looking;

  DeliveriesConsumer(OutboxEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.needs = endpoint.needs();
    this.exchanges = new WebhookExchange(needs.keys(), needs.urls());
    this.slots = new Semaphore(endpoint.concurrency());
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    look();
  }

  @Override
  protected void doResume() throws Exception {
    super.doResume();
    look();
  }

  @Override
  protected void doSuspend() throws Exception {
    stopLooking();
    super.doSuspend();
  }

  /** By now Camel has waited for open exchanges; what is still under way is cut off unbooked. */
  @Override
  protected void doStop() throws Exception {
    stopLooking();
    tries.forEach(Thread::interrupt);
    super.doStop();
  }

  private void look() {
    Thread thread = Thread.ofVirtual().name("outbox-look").unstarted(this::lookUntilStopped);
    looking = thread;
    thread.start();
  }

  /** Rings instead of interrupting: an interrupted look-up would lose what it has just leased. */
  private void stopLooking() throws InterruptedException {
    Thread thread = looking;
    looking = null;
    if (thread != null) {
      needs.deliveries().wake();
      thread.join(PATIENCE_WITH_DATABASE);
    }
  }

  private boolean mayLook() {
    return Thread.currentThread() == looking;
  }

  private void lookUntilStopped() {
    try {
      while (mayLook()) {
        Duration pause = sendDue();
        if (mayLook() && !pause.isZero()) {
          needs.deliveries().awaitWork(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts what is due, and says how long to wait before looking again. */
  private Duration sendDue() throws InterruptedException {
    if (!slots.tryAcquire(endpoint.poll().toMillis(), TimeUnit.MILLISECONDS)) {
      return Duration.ZERO;
    }
    int free = 1 + slots.drainPermits();
    List<Delivery> claimed = List.of();
    try {
      claimed = needs.deliveries().claim(free);
    } catch (RuntimeException e) {
      LOG.warn("Due webhooks could not be looked up, trying again: {}", e.toString());
      return PATIENCE_WITH_DATABASE;
    } finally {
      slots.release(free - claimed.size());
    }
    for (Delivery delivery : claimed) {
      Thread.ofVirtual().name("webhook-" + delivery.id()).start(() -> deliver(delivery));
    }
    return claimed.size() == free ? Duration.ZERO : endpoint.poll();
  }

  private void deliver(Delivery delivery) {
    Exchange exchange = createExchange(false);
    try {
      Answered answered = attempt(delivery, exchange);
      if (answered == null) {
        needs.deliveries().release(delivery);
      } else {
        log(delivery, answered, needs.deliveries().book(delivery, answered));
      }
    } catch (RuntimeException e) {
      LOG.warn(
          "The result of {} could not be booked; it will be sent again: {}",
          delivery.label(),
          e.toString());
    } finally {
      releaseExchange(exchange, false);
      slots.release();
    }
  }

  /** Null if we were stopped in the middle. */
  private @Nullable Answered attempt(Delivery delivery, Exchange exchange) {
    long began = System.nanoTime();
    Thread thread = Thread.ofVirtual().unstarted(() -> process(delivery, exchange));
    tries.add(thread);
    boolean late = false;
    try {
      thread.start();
      late = !thread.join(endpoint.timeout());
      if (late) {
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      return null;
    } finally {
      tries.remove(thread);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (late) {
      return new Answered.Nothing(
          "no whole answer within " + endpoint.timeout().toSeconds() + " s", took);
    }
    return isStoppingOrStopped() && exchange.getException() != null
        ? null
        : WebhookExchange.answered(exchange, took);
  }

  private void process(Delivery delivery, Exchange exchange) {
    try {
      exchanges.fill(exchange, delivery);
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
  }

  private static void log(Delivery delivery, Answered answered, Outcome outcome) {
    switch (outcome) {
      case Outcome.Delivered() -> LOG.debug("Delivered {}", delivery.label());
      case Outcome.Postponed(Duration pause) ->
          LOG.warn(
              "Receiver answered {}; next try of {} in {} s",
              said(answered),
              delivery.label(),
              pause.toSeconds());
      case Outcome.Abandoned() ->
          LOG.error(
              "Receiver answered {}; {} is given up after {} tries",
              said(answered),
              delivery.label(),
              delivery.tries() + 1);
      case Outcome.LeaseLost() ->
          LOG.warn("{} took longer than its lease; another node has it", delivery.label());
    }
  }

  private static String said(Answered answered) {
    return switch (answered) {
      case Answered.Status status -> Integer.toString(status.status());
      case Answered.Nothing nothing -> "nothing (" + nothing.error() + ")";
    };
  }
}

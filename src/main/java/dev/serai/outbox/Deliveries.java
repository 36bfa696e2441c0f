package dev.serai.outbox;

import dev.serai.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Due webhooks and what becomes of them. Two nodes never hold the same delivery at one time; a node
 * that dies while sending lets its lease run out, and the same id and bytes are sent again: at
 * least once, never lost. Thread-safe.
 */
public final class Deliveries {
  /** Longer than any try may take; see {@code outbox.camel}. */
  static final Duration LEASE = Duration.ofSeconds(60);

  private static final int GONE = 410;

  private final OutboxStore store;
  private final Wake wake = new Wake();
  private final Database database;
  private final Backoff backoff;
  private final Duration lease;

  public Deliveries(Database database, Backoff backoff) {
    this(database, backoff, BodySealing.OFF);
  }

  public Deliveries(Database database, Backoff backoff, BodySealing sealing) {
    this(database, backoff, LEASE, sealing);
  }

  Deliveries(Database database, Backoff backoff, Duration lease) {
    this(database, backoff, lease, BodySealing.OFF);
  }

  private Deliveries(Database database, Backoff backoff, Duration lease, BodySealing sealing) {
    this.store = new OutboxStore(sealing);
    this.database = database;
    this.backoff = backoff;
    this.lease = lease;
  }

  OutboxStore store() {
    return store;
  }

  /** Leases up to so many due deliveries to the caller, the longest due first. */
  public List<Delivery> claim(int most) {
    return database.inTransaction(handle -> store.claim(handle, most, lease));
  }

  /** Books a try and decides what follows, in one transaction. */
  public Outcome book(Delivery delivery, Answered answered) {
    Outcome outcome = decide(delivery, answered);
    boolean booked =
        database.inTransaction(handle -> {
          boolean ours = store.book(handle, delivery, state(outcome), pause(outcome));
          if (ours) {
            store.insertAttempt(handle, delivery, answered);
          }
          return ours;
        });
    return booked ? outcome : new Outcome.LeaseLost();
  }

  private Outcome decide(Delivery delivery, Answered answered) {
    if (answered instanceof Answered.Status(int status, var retryAfter, var took)) {
      if (status >= 200 && status < 300) {
        return new Outcome.Delivered();
      }
      if (status == GONE) {
        return new Outcome.Abandoned();
      }
      return postpone(delivery, retryAfter);
    }
    return postpone(delivery, Optional.empty());
  }

  private Outcome postpone(Delivery delivery, Optional<Duration> asked) {
    return backoff
        .after(delivery.tries() + 1, asked)
        .<Outcome>map(Outcome.Postponed::new)
        .orElseGet(Outcome.Abandoned::new);
  }

  private static String state(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered() -> "delivered";
      case Outcome.Postponed(Duration pause) -> "pending";
      case Outcome.Abandoned(), Outcome.LeaseLost() -> "abandoned";
    };
  }

  private static Duration pause(Outcome outcome) {
    return outcome instanceof Outcome.Postponed(Duration pause) ? pause : Duration.ZERO;
  }

  /** Gives a lease back untried, so that the next look sends it. */
  public void release(Delivery delivery) {
    database.useTransaction(handle -> store.release(handle, delivery));
  }

  /** There may be something due: only a hint. */
  public void wake() {
    wake.ring();
  }

  /** Waits for a hint, but not longer than this: other nodes and due times do not ring. */
  public void awaitWork(Duration most) throws InterruptedException {
    wake.await(most);
  }
}

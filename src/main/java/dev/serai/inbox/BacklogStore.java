package dev.serai.inbox;

import dev.serai.database.Database;

/**
 * How much waits in the inbox of all nodes, measured now and then while it is worked off; a reading
 * costs nothing. Thread-safe.
 */
public final class BacklogStore {
  private static final long EVERY_NANOS = 10_000_000_000L;

  /**
   * @param waiting deliveries that are not dispatched and tasks that are not done
   * @param oldestSeconds the age of the oldest of them; 0 if there is none
   * @param dead given up, and neither retried nor discarded
   */
  public record Reading(long waiting, double oldestSeconds, long dead) {}

  // Each part is a partial index.
  private static final String MEASURE =
      """
      select (select count(*) from webhook_arrival where state = 'arrived')
             + (select count(*) from webhook_task where state = 'pending'),
             extract(epoch from clock_timestamp() - least(
               (select min(received_at) from webhook_arrival where state = 'arrived'),
               (select min(a.received_at) from webhook_task t join webhook_arrival a on a.id = t.arrival
                 where t.state = 'pending'))),
             (select count(*) from webhook_task where state = 'dead')
             + (select count(*) from webhook_arrival where state = 'dead')
      """;

  private final Database database;
  private volatile Reading last = new Reading(0, 0, 0);
  private volatile long measuredAt = System.nanoTime() - EVERY_NANOS;

  public BacklogStore(Database database) {
    this.database = database;
  }

  /** As of the last measurement. */
  public Reading last() {
    return last;
  }

  /** Measures if the last time is 10 s ago. */
  void refresh() {
    if (System.nanoTime() - measuredAt >= EVERY_NANOS) {
      last = measure();
      measuredAt = System.nanoTime();
    }
  }

  Reading measure() {
    return database.read(handle ->
        handle
            .createQuery(MEASURE)
            .map((row, context) ->
                new Reading(row.getLong(1), Math.max(0, row.getDouble(2)), row.getLong(3)))
            .one());
  }
}

package dev.serai.inbox;

import dev.serai.database.Database;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks that were given up, for operators: to be seen, done again or let go. Works beside
 * nodes that run; they look every second. Thread-safe.
 */
public final class FailedStore {
  private final Database database;

  public FailedStore(Database database) {
    this.database = database;
  }

  /**
   * One event for one connection, or a delivery that nobody could hand to connections.
   *
   * @param id {@code task:7} or {@code delivery:7}; what {@link #retry} and {@link #discard} take
   * @param connection empty for a delivery
   * @param reason the last one
   */
  public record Failed(
      String id,
      String integration,
      String connection,
      String event,
      int attempts,
      OffsetDateTime receivedAt,
      String reason) {}

  private static final String LIST =
      """
      select 'task:' || t.id as id, i.unique_key, c.connection_id, t.event, t.attempts, a.received_at, t.error
        from webhook_task t
        join webhook_arrival a on a.id = t.arrival
        join integration i on i.id = a.integration
        join connection c on c.id = t.connection
       where t.state = 'dead'
      union all
      select 'delivery:' || a.id, i.unique_key, '', '', a.attempts, a.received_at, a.error
        from webhook_arrival a join integration i on i.id = a.integration
       where a.state = 'dead'
       order by received_at, id
       limit :most
      """;

  /** The oldest first. */
  public List<Failed> list(int most) {
    return database.read(handle ->
        handle
            .createQuery(LIST)
            .bind("most", most)
            .map((row, context) ->
                new Failed(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getInt(5),
                    row.getObject(6, OffsetDateTime.class),
                    text(row.getString(7))))
            .list());
  }

  private static String text(@Nullable String reason) {
    return reason == null ? "" : reason;
  }

  private static final String RETRY_TASKS =
      """
      update webhook_task set state = 'pending', attempts = 0, due_at = clock_timestamp(), ended_at = null
       where state = 'dead' and (:all or 'task:' || id = any(:ids))
      """;

  private static final String RETRY_DELIVERIES =
      """
      update webhook_arrival set state = 'arrived', attempts = 0, due_at = clock_timestamp()
       where state = 'dead' and (:all or 'delivery:' || id = any(:ids))
      """;

  /**
   * Makes them due at once, with all their tries before them.
   *
   * @param ids empty: all
   * @return how many; those that are not given up (any more) are passed over
   */
  public int retry(List<String> ids) {
    return change(RETRY_TASKS, RETRY_DELIVERIES, ids);
  }

  private static final String DISCARD_TASKS =
      """
      update webhook_task set state = 'done'
       where state = 'dead' and (:all or 'task:' || id = any(:ids))
      """;

  private static final String DISCARD_DELIVERIES =
      """
      update webhook_arrival set state = 'dispatched'
       where state = 'dead' and (:all or 'delivery:' || id = any(:ids))
      """;

  /** Lets them go for good; the reason stays in the row until housekeeping deletes it. */
  public int discard(List<String> ids) {
    return change(DISCARD_TASKS, DISCARD_DELIVERIES, ids);
  }

  private int change(String tasks, String deliveries, List<String> ids) {
    return database.inTransaction(handle -> {
      int changed = 0;
      for (String update : List.of(tasks, deliveries)) {
        changed +=
            handle
                .createUpdate(update)
                .bind("all", ids.isEmpty())
                .bind("ids", ids.toArray(String[]::new))
                .execute();
      }
      return changed;
    });
  }
}

package dev.serai.inbox;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The SQL that turns deliveries into tasks. */
final class DispatchStore {
  /**
   * A delivery that waits, for its first connections or for more.
   *
   * @param connections whose secrets proved it; null: not by connection
   * @param reached the connections up to this row id have theirs
   * @param attempts this one included; no other node has it as long as this stays
   */
  record Waiting(
      long id,
      UUID uuid,
      int environment,
      long integration,
      String provider,
      Contents.Stored content,
      @Nullable List<Long> connections,
      long reached,
      int attempts) {}

  private static final String NEXT =
      """
      select id, uuid, environment, integration, provider, content, sealed, connections, reached, attempts
        from webhook_arrival
       where state = 'arrived' and due_at <= (select clock_timestamp()) and provider = any(:providers)
       order by due_at
       limit 1
         for update skip locked
      """;

  private static final String BEGIN =
      """
      update webhook_arrival
         set attempts = attempts + 1, due_at = clock_timestamp() + :wait * interval '1 millisecond'
       where id = :id
      """;

  /**
   * The one that is due longest, with the attempt that now begins already booked: if it never ends,
   * the delivery is due again after the wait of a failed one.
   */
  Optional<Waiting> begin(Handle transaction, Set<String> providers) {
    Optional<Waiting> next =
        transaction
            .createQuery(NEXT)
            .bind("providers", providers.toArray(String[]::new))
            .map((row, context) -> waiting(row))
            .findOne();
    next.ifPresent(waiting ->
        transaction
            .createUpdate(BEGIN)
            .bind("id", waiting.id())
            .bind("wait", Repeats.after(waiting.attempts()).orElse(Repeats.LONGEST).toMillis())
            .execute());
    return next;
  }

  private static Waiting waiting(ResultSet row) throws SQLException {
    Array connections = row.getArray("connections");
    return new Waiting(
        row.getLong("id"),
        row.getObject("uuid", UUID.class),
        row.getInt("environment"),
        row.getLong("integration"),
        row.getString("provider"),
        new Contents.Stored(row.getBytes("content"), row.getBytes("sealed")),
        connections == null ? null : List.of((Long[]) connections.getArray()),
        row.getLong("reached"),
        row.getInt("attempts") + 1);
  }

  /** The integration as it is now. */
  record Owner(String uniqueKey, boolean forwards) {}

  private static final String OWNER =
      "select unique_key, forward_webhooks from integration where id = :id and deleted_at is null";

  Optional<Owner> owner(Handle transaction, long integration) {
    return transaction
        .createQuery(OWNER)
        .bind("id", integration)
        .map((row, context) -> new Owner(row.getString(1), row.getBoolean(2)))
        .findOne();
  }

  /**
   * One event for one connection.
   *
   * @param routed a route wants it
   */
  record Task(long connection, String event, int position, boolean routed) {}

  private static final String TASK =
      """
      insert into webhook_task (arrival, connection, provider, event, position, routed)
      values (:arrival, :connection, :provider, :event, :position, :routed)
      """;

  void add(Handle transaction, Waiting arrival, List<Task> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    PreparedBatch batch = transaction.prepareBatch(TASK);
    for (Task task : tasks) {
      batch
          .bind("arrival", arrival.id())
          .bind("connection", task.connection())
          .bind("provider", arrival.provider())
          .bind("event", task.event())
          .bind("position", task.position())
          .bind("routed", task.routed())
          .add();
    }
    batch.execute();
  }

  private static final String OURS =
      " where id = :id and state = 'arrived' and attempts = :attempts";

  private static final String DISPATCHED =
      "update webhook_arrival set state = 'dispatched', error = null" + OURS;

  /** Ends it in the transaction of its last part, which it fences; false if it is not ours. */
  boolean dispatched(Handle transaction, Waiting arrival) {
    return ours(transaction, DISPATCHED, arrival).execute() == 1;
  }

  private static final String REACHED =
      "update webhook_arrival set reached = :reached, attempts = 0, error = null, due_at = clock_timestamp()"
          + OURS;

  /**
   * Puts it behind the others that wait, in the transaction of a part, which it fences; false if it
   * is not ours.
   */
  boolean reached(Handle transaction, Waiting arrival, long reached) {
    return ours(transaction, REACHED, arrival).bind("reached", reached).execute() == 1;
  }

  private static final String FAILED =
      """
      update webhook_arrival
         set error = :error, state = case when :dead then 'dead' else state end,
             keep_until = case when :dead then greatest(keep_until, clock_timestamp() + interval '30 days')
                               else keep_until end
      """
          + OURS;

  /** Books why; when it is due again was booked at the beginning. */
  void failed(Handle transaction, Waiting arrival, String error, boolean dead) {
    ours(transaction, FAILED, arrival).bind("error", error).bind("dead", dead).execute();
  }

  private static Update ours(Handle transaction, String update, Waiting arrival) {
    return transaction
        .createUpdate(update)
        .bind("id", arrival.id())
        .bind("attempts", arrival.attempts());
  }
}

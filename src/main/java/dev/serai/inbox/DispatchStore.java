package dev.serai.inbox;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The SQL that turns deliveries into tasks. */
final class DispatchStore {
  /** A delivery that nobody has looked at yet; its row is locked. */
  record Waiting(
      long id,
      UUID uuid,
      int environment,
      long integration,
      String provider,
      Contents.Stored content,
      @Nullable List<Long> connections,
      int attempts) {}

  private static final String NEXT =
      """
      select id, uuid, environment, integration, provider, content, sealed, connections, attempts
        from webhook_arrival
       where state = 'arrived' and due_at <= (select clock_timestamp()) and provider = any(:providers)
       order by due_at
       limit 1
         for update skip locked
      """;

  Optional<Waiting> next(Handle transaction, Set<String> providers) {
    return transaction
        .createQuery(NEXT)
        .bind("providers", providers.toArray(String[]::new))
        .map((row, context) -> waiting(row))
        .findOne();
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
        row.getInt("attempts"));
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

  private static final String TASK =
      """
      insert into webhook_task (arrival, connection, provider, event, position)
      values (:arrival, :connection, :provider, :event, :position)
      """;

  void add(Handle transaction, Waiting arrival, int position, String event, List<Long> whose) {
    if (whose.isEmpty()) {
      return;
    }
    PreparedBatch batch = transaction.prepareBatch(TASK);
    for (long connection : whose) {
      batch
          .bind("arrival", arrival.id())
          .bind("connection", connection)
          .bind("provider", arrival.provider())
          .bind("event", event)
          .bind("position", position)
          .add();
    }
    batch.execute();
  }

  private static final String DISPATCHED =
      "update webhook_arrival set state = 'dispatched', attempts = attempts + 1, error = null where id = :id";

  void dispatched(Handle transaction, long arrival) {
    transaction.createUpdate(DISPATCHED).bind("id", arrival).execute();
  }

  private static final String FAILED =
      """
      update webhook_arrival
         set attempts = attempts + 1, error = :error,
             state = case when :dead then 'dead' else state end,
             due_at = clock_timestamp() + :wait * interval '1 millisecond',
             keep_until = case when :dead then greatest(keep_until, clock_timestamp() + interval '30 days')
                               else keep_until end
       where id = :id and state = 'arrived' and attempts = :attempts
      """;

  /**
   * @param wait null: it is given up
   */
  void failed(Handle transaction, Waiting arrival, String error, @Nullable Duration wait) {
    transaction
        .createUpdate(FAILED)
        .bind("id", arrival.id())
        .bind("attempts", arrival.attempts())
        .bind("error", error)
        .bind("dead", wait == null)
        .bind("wait", wait == null ? 0 : wait.toMillis())
        .execute();
  }
}

package dev.serai.inbox;

import dev.serai.database.Database;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What is to be done for deliveries: leases, ends, repeats. Thread-safe. */
final class TaskStore {
  private final Database database;
  private final String node;
  private final Duration lease;

  TaskStore(Database database, String node, Duration lease) {
    this.database = database;
    this.node = node;
    this.lease = lease;
  }

  // One at a time per connection, the oldest first. What waits for its next attempt holds nobody
  // up:
  // LatestStore knows what it may still save when it comes.
  private static final String CLAIM =
      """
      with due as (
        select t.id from webhook_task t
         where t.state = 'pending' and t.due_at <= (select clock_timestamp()) and t.provider = any(:providers)
           and not exists (
             select from webhook_task o
              where o.connection = t.connection and o.state = 'pending' and o.id <> t.id
                and (o.lease_token is not null and o.due_at > (select clock_timestamp())
                     or o.id < t.id and o.due_at <= (select clock_timestamp())))
         order by t.id
         limit :most
         for update skip locked
      )
      update webhook_task t
         set lease_token = gen_random_uuid(), lease_node = :node,
             due_at = clock_timestamp() + :lease * interval '1 millisecond'
        from due where t.id = due.id
      returning t.id, t.arrival, t.connection, t.provider, t.event, t.position, t.routed, t.attempts, t.lease_token
      """;

  /** Leases what is due; the lease is the due time itself, moved ahead. */
  List<TaskRow> claim(Set<String> providers, int most) {
    return database.inTransaction(handle ->
        handle
            .createQuery(CLAIM)
            .bind("providers", providers.toArray(String[]::new))
            .bind("most", most)
            .bind("node", node)
            .bind("lease", lease.toMillis())
            .map((row, context) ->
                new TaskRow(
                    row.getLong("id"),
                    row.getLong("arrival"),
                    row.getLong("connection"),
                    row.getString("provider"),
                    row.getString("event"),
                    row.getInt("position"),
                    row.getBoolean("routed"),
                    row.getInt("attempts"),
                    row.getObject("lease_token", UUID.class)))
            .list());
  }

  private static final String RELEASE_FORMER =
      """
      update webhook_task set lease_token = null, due_at = clock_timestamp()
       where state = 'pending' and lease_node = :node and lease_token is not null
      """;

  /**
   * Ends the leases of this node's former life, so that a restarted node goes on at once. A former
   * owner that should still live is fenced out by it.
   */
  int releaseFormer() {
    return database.inTransaction(
        handle -> handle.createUpdate(RELEASE_FORMER).bind("node", node).execute());
  }

  /** The delivery behind a task. */
  record Source(UUID uuid, OffsetDateTime receivedAt, Contents.Stored content) {}

  private static final String SOURCE =
      "select uuid, received_at, content, sealed from webhook_arrival where id = :id";

  Optional<Source> source(long arrival) {
    return database.read(handle ->
        handle
            .createQuery(SOURCE)
            .bind("id", arrival)
            .map((row, context) ->
                new Source(
                    row.getObject("uuid", UUID.class),
                    row.getObject("received_at", OffsetDateTime.class),
                    new Contents.Stored(row.getBytes("content"), row.getBytes("sealed"))))
            .findOne());
  }

  private static final String DONE =
      """
      update webhook_task
         set state = 'done', attempts = attempts + 1, lease_token = null, error = null,
             ended_at = clock_timestamp()
       where id = :id and lease_token = :lease and state = 'pending'
      """;

  /**
   * Ends it in the transaction of its effects, which it fences; false if it is not ours any more.
   */
  boolean done(Handle transaction, TaskRow task) {
    return transaction
            .createUpdate(DONE)
            .bind("id", task.id())
            .bind("lease", task.lease())
            .execute()
        == 1;
  }

  private static final String LATER =
      """
      update webhook_task
         set attempts = attempts + 1, lease_token = null, error = :error,
             due_at = clock_timestamp() + :wait * interval '1 millisecond'
       where id = :id and lease_token = :lease and state = 'pending'
      """;

  boolean later(TaskRow task, Duration wait, String error) {
    return database.inTransaction(handle ->
        handle
                .createUpdate(LATER)
                .bind("id", task.id())
                .bind("lease", task.lease())
                .bind("wait", wait.toMillis())
                .bind("error", error)
                .execute()
            == 1);
  }

  private static final String DEAD =
      """
      with ended as (
        update webhook_task
           set state = 'dead', attempts = attempts + 1, lease_token = null, error = :error,
               ended_at = clock_timestamp()
         where id = :id and lease_token = :lease and state = 'pending'
        returning arrival)
      update webhook_arrival a set keep_until = greatest(keep_until, clock_timestamp() + interval '30 days')
        from ended where a.id = ended.arrival
      """;

  /** Gives it up: it stays for a month, with its delivery and the reason. */
  boolean dead(TaskRow task, String error) {
    return database.inTransaction(handle ->
        handle
                .createUpdate(DEAD)
                .bind("id", task.id())
                .bind("lease", task.lease())
                .bind("error", error)
                .execute()
            == 1);
  }

  private static final String RELEASE =
      """
      update webhook_task set lease_token = null, due_at = clock_timestamp()
       where id = :id and lease_token = :lease and state = 'pending'
      """;

  /** Gives the lease back untried. */
  void release(TaskRow task) {
    database.useTransaction(handle ->
        handle.createUpdate(RELEASE).bind("id", task.id()).bind("lease", task.lease()).execute());
  }
}

package dev.serai.sync;

import dev.serai.database.Database;
import dev.serai.database.DatabaseTrouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Who runs what: claims, heartbeats and their end. All on the pool that page commits cannot fill.
 */
final class LeaseStore {
  private final Database database;
  private final RunSettings settings;

  LeaseStore(Database database, RunSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  // The due predicate stands twice: SKIP LOCKED re-checks only what the locked alias says, so
  // without it two nodes could claim the same row. A tenant's turn counts what it already runs.
  // The last line of the predicate lets any node end a run that its owner left open when the sync
  // was paused or lost its route.
  private static final String CLAIM =
      """
      with running as (
        select tenant, count(*) as runs from sync where lease_until > clock_timestamp() group by tenant
      ), due as (
        select s.id, s.due_at,
               row_number() over (partition by s.tenant order by s.due_at, s.id) + coalesce(r.runs, 0) as turn
        from sync s left join running r on r.tenant = s.tenant
        where (s.lease_until is null or s.lease_until <= clock_timestamp())
          and ((s.state = 'active' and not s.blocked and s.due_at <= clock_timestamp() and s.provider || '/' || s.name = any(:routes))
            or (s.state <> 'active' and s.run is not null))
      ), picked as (
        select s.id
        from due d join sync s on s.id = d.id
        where (s.lease_until is null or s.lease_until <= clock_timestamp())
          and ((s.state = 'active' and not s.blocked and s.due_at <= clock_timestamp() and s.provider || '/' || s.name = any(:routes))
            or (s.state <> 'active' and s.run is not null))
        order by d.turn, d.due_at
        limit :limit
        for update of s skip locked
      )
      update sync s
      set lease_token = gen_random_uuid(), lease_node = :node,
          lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond'
      from picked where s.id = picked.id
      returning s.id, s.lease_token, s.connection, s.provider, s.name, s.variant, s.due_at
      """;

  // SKIP LOCKED waits after all for a row that is locked anew in the moment in which it is let go.
  // By then a claim may hold other rows, in another order than everybody else locks them.
  private static final String HARDLY_WAIT = "set local lock_timeout = '100ms'";

  /**
   * Claims up to {@code limit} due syncs whose route runs here, fair per tenant; fewer, or none,
   * where others are at work.
   */
  List<Lease> claim(String[] routes, int limit) {
    try {
      return database.control(handle -> claim(handle, routes, limit));
    } catch (JdbiException e) {
      if (DatabaseTrouble.lockTimedOut(e)) {
        return List.of();
      }
      throw e;
    }
  }

  private List<Lease> claim(Handle handle, String[] routes, int limit) {
    handle.execute(HARDLY_WAIT);
    return handle
        .createQuery(CLAIM)
        .bindArray("routes", String.class, (Object[]) routes)
        .bind("limit", limit)
        .bind("node", settings.node())
        .bind("leaseMillis", settings.lease().toMillis())
        .map((rs, ctx) ->
            new Lease(
                rs.getLong("id"),
                rs.getObject("lease_token", UUID.class),
                rs.getLong("connection"),
                rs.getString("provider"),
                rs.getString("name"),
                rs.getString("variant"),
                rs.getTimestamp("due_at").toInstant()))
        .list();
  }

  // A row that is locked is just now being committed by its owner, which extends the lease itself.
  private static final String HEARTBEAT =
      """
      with mine as (
        select id from sync
        where lease_token = any(:tokens) and lease_until > clock_timestamp()
        order by connection, id for update skip locked
      )
      update sync s set lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond'
      from mine where s.id = mine.id
      """;

  /** Extends the leases that are still held. */
  void heartbeat(Set<UUID> tokens) {
    database.control(handle ->
        handle
            .createUpdate(HEARTBEAT)
            .bindArray("tokens", UUID.class, tokens.toArray())
            .bind("leaseMillis", settings.lease().toMillis())
            .execute());
  }

  private static final String HELD =
      "select lease_token from sync where lease_token = any(:tokens) and lease_until > clock_timestamp()";

  /** Those of the tokens that still hold their lease. */
  Set<UUID> held(Set<UUID> tokens) {
    return database.control(handle ->
        handle
            .createQuery(HELD)
            .bindArray("tokens", UUID.class, tokens.toArray())
            .mapTo(UUID.class)
            .collect(Collectors.toSet()));
  }

  private static final String RELEASE_NODE =
      """
      with mine as (
        select id from sync where lease_node = :node and lease_until > clock_timestamp()
        order by connection, id for update)
      update sync s set lease_token = null, lease_until = null from mine where s.id = mine.id
      """;

  /**
   * Ends the leases of this node's former life, so that a restarted node goes on at once. A former
   * life that is only stopped finds its token gone and writes nothing.
   */
  int releaseFormerLife() {
    return database.control(
        handle -> handle.createUpdate(RELEASE_NODE).bind("node", settings.node()).execute());
  }

  private static final String RELEASE =
      "update sync set lease_token = null, lease_until = null, due_at = greatest(due_at, :notBefore) where id = :id and lease_token = :token";

  /** Gives a sync back without a verdict; its open run goes on later. */
  void release(Lease lease, Duration pause) {
    database.control(handle ->
        handle
            .createUpdate(RELEASE)
            .bind("id", lease.sync())
            .bind("token", lease.token())
            .bind("notBefore", Instant.now().plus(pause))
            .execute());
  }
}

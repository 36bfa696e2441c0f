package dev.serai.record;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Finds what is older than it may be, and takes it out of locked collections. */
final class RetentionStore {
  private static final String COLLECTIONS =
      """
      select c.id, c.model, i.provider
      from collection c
      left join connection n on n.id = c.connection
      left join integration i on i.id = n.integration
      where c.id > :after order by c.id limit :limit
      """;

  /** A limit that is null finds nothing. */
  static final String DUE =
      """
      select u.id
      from unnest(:ids, cast(:payloads as timestamptz[]), cast(:deleted as timestamptz[]), cast(:history as timestamptz[]))
        as u(id, payloads, deleted, history)
      cross join lateral (select pruned_at, pruned_version from collection where id = u.id offset 0) c
      where exists (
          select from record r
          where r.collection = u.id and -r.collection = -u.id
            and (r.last_modified_at, r.version) > (c.pruned_at, c.pruned_version) and r.last_modified_at < u.payloads
          offset 0)
        or exists (
          select from record r
          where r.collection = u.id and r.deleted_at is not null and r.deleted_at < u.deleted
          offset 0)
        or (select o.at < u.history from record_history o where o.collection = u.id order by o.version limit 1)
      order by u.id
      """;

  /**
   * Whose cursor is older than the last version removed may not have read that its row had ended.
   */
  private static final String PURGE =
      """
      with gone as (
        delete from record where collection = :collection and ctid = any(array(
          select ctid from record
          where collection = :collection and deleted_at is not null and deleted_at < :before
          order by deleted_at limit :limit))
        returning version, bytes),
      sum as (select count(*) as rows, coalesce(sum(bytes), 0) as bytes, max(version) as version from gone),
      less as (
        update collection c
        set deleted = c.deleted - s.rows, bytes = c.bytes - s.bytes, writes = c.writes + 1,
          purged_through = greatest(c.purged_through, s.version)
        from sum s where c.id = :collection and s.rows > 0 returning 1)
      select rows from sum
      """;

  /** The oldest first, so that what stays is whole from some version on. */
  private static final String FORGET =
      """
      with gone as (
        delete from record_history where collection = :collection and ctid = any(array(
          select ctid from (
            select ctid, at from record_history where collection = :collection order by version limit :limit) oldest
          where at < :before))
        returning version),
      sum as (select count(*) as rows, max(version) as version from gone),
      less as (
        update collection c set history_through = greatest(c.history_through, s.version)
        from sum s where c.id = :collection and s.rows > 0 returning 1)
      select rows from sum
      """;

  /** A collection and whose records it holds. */
  record Held(long id, String model, @Nullable String provider) {}

  /** Until when what may stay; null: whatever its age. */
  record Limits(
      @Nullable OffsetDateTime payloads,
      @Nullable OffsetDateTime deleted,
      @Nullable OffsetDateTime history) {}

  /** The next collections after an id. */
  List<Held> collections(Handle handle, long after, int limit) {
    return handle
        .createQuery(COLLECTIONS)
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) ->
            new Held(row.getLong("id"), row.getString("model"), row.getString("provider")))
        .list();
  }

  /** The collections that hold something older than their limits. */
  List<Long> due(Handle transaction, Map<Long, Limits> limits) {
    transaction.execute(ChangeIndex.WALKED);
    return transaction
        .createQuery(DUE)
        .bind("ids", SqlArguments.longs(limits.keySet()))
        .bind("payloads", times(limits, Limits::payloads))
        .bind("deleted", times(limits, Limits::deleted))
        .bind("history", times(limits, Limits::history))
        .mapTo(Long.class)
        .list();
  }

  /** Removes rows that were deleted before; answers how many. */
  long purge(Handle transaction, long collection, OffsetDateTime before, int limit) {
    return chunk(transaction, PURGE, collection, before, limit);
  }

  /** Removes history from before; answers how many rows. */
  long forget(Handle transaction, long collection, OffsetDateTime before, int limit) {
    return chunk(transaction, FORGET, collection, before, limit);
  }

  private static long chunk(
      Handle transaction, String sql, long collection, OffsetDateTime before, int limit) {
    transaction.execute(ChangeIndex.WALKED);
    return transaction
        .createQuery(sql)
        .bind("collection", collection)
        .bind("before", SqlArguments.exact(before))
        .bind("limit", limit)
        .mapTo(Long.class)
        .one();
  }

  private static Argument times(
      Map<Long, Limits> limits, Function<Limits, @Nullable OffsetDateTime> limit) {
    return SqlArguments.of(
        "text", limits.values().stream().map(limit).map(RetentionStore::text).toArray());
  }

  private static @Nullable String text(@Nullable OffsetDateTime time) {
    return OffsetDateTime.MAX.equals(time) ? "infinity" : time == null ? null : time.toString();
  }
}

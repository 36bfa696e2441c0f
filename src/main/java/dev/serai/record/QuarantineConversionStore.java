package dev.serai.record;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Reads and rewrites what stands in quarantine, a chunk at a time. Thread-safe. */
final class QuarantineConversionStore {
  /**
   * @param identified false: the external id is made of the content
   */
  record Refusal(boolean identified, String externalId, @Nullable Long key, Payload raw) {}

  /**
   * @param externalId as it is to be; another one only where it is made of the content
   */
  record Rewritten(Refusal was, String externalId, @Nullable Long key, Payload raw) {}

  private static final String REFUSALS =
      """
      select identified, external_id, key, raw as plain, sealed from quarantine
      where collection = :collection and (identified, external_id) > (:identified, :after)
      order by identified, external_id limit :limit for update
      """;

  private static final RowMapper<Refusal> REFUSAL =
      (row, context) ->
          new Refusal(
              row.getBoolean("identified"),
              row.getString("external_id"),
              (Long) row.getObject("key"),
              new Payload(row.getString("plain"), row.getBytes("sealed")));

  /** The next rows; locked, for pages write them without the collection's lock. */
  List<Refusal> refusals(
      Handle transaction, long collection, boolean identified, String after, int limit) {
    ConversionStore.inOrder(transaction);
    return transaction
        .createQuery(REFUSALS)
        .bind("collection", collection)
        .bind("identified", identified)
        .bind("after", after)
        .bind("limit", limit)
        .map(REFUSAL)
        .list();
  }

  private static final String REWRITE =
      """
      update quarantine q set raw = u.plain, sealed = u.sealed, key = u.key
      from unnest(:ids, :keys, :plain, :sealed) as u(id, key, plain, sealed)
      where q.collection = :collection and q.identified and q.external_id = u.id
      """;

  void rewrite(Handle transaction, long collection, List<Rewritten> identified) {
    transaction
        .createUpdate(REWRITE)
        .bind("collection", collection)
        .bind("ids", SqlArguments.column("text", identified, Rewritten::externalId))
        .bind("keys", SqlArguments.column("int8", identified, Rewritten::key))
        .bind("plain", SqlArguments.column("text", identified, row -> row.raw().plain()))
        .bind("sealed", SqlArguments.bytes(identified, row -> row.raw().sealed()))
        .execute();
  }

  private static final String RENAME =
      """
      with u as (
        select * from unnest(:old, :ids, :keys, :plain, :sealed) as u(old, id, key, plain, sealed)),
      gone as (
        delete from quarantine
        where collection = :collection and not identified and external_id = any(:old)
        returning external_id, stream, run, reason, first_at, last_at)
      insert into quarantine (collection, identified, external_id, stream, run, reason, raw, sealed, key, first_at, last_at)
      select :collection, false, u.id, g.stream, g.run, g.reason, u.plain, u.sealed, u.key, g.first_at, g.last_at
      from gone g join u on u.old = g.external_id
      on conflict do nothing
      """;

  /** One that a page has met again meanwhile, and named anew, stays as the page left it. */
  void rename(Handle transaction, long collection, List<Rewritten> nameless) {
    transaction
        .createUpdate(RENAME)
        .bind("collection", collection)
        .bind("old", SqlArguments.column("text", nameless, row -> row.was().externalId()))
        .bind("ids", SqlArguments.column("text", nameless, Rewritten::externalId))
        .bind("keys", SqlArguments.column("int8", nameless, Rewritten::key))
        .bind("plain", SqlArguments.column("text", nameless, row -> row.raw().plain()))
        .bind("sealed", SqlArguments.bytes(nameless, row -> row.raw().sealed()))
        .execute();
  }
}

package dev.serai.sync;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** What a full read missed. Every write is behind the fence of the run. */
final class DeletionStore {
  private static final String PROVEN =
      "select (select count(distinct page) from seen where run = :run) = (select pages from sync_run where id = :run)";

  /** True if every page of the run left its mark: only then is a missing row really missing. */
  boolean everyPageSeen(Handle handle, long run) {
    return handle.createQuery(PROVEN).bind("run", run).mapTo(Boolean.class).one();
  }

  // OFFSET 0 keeps the list of seen ids one relation that is hashed once. How long arrays are is
  // not known to the planner: left free it took 20,000 ids for a few and compared each with each,
  // 11 s instead of 0.1, and far beyond any transaction's time for a large collection.
  private static final String PINNED = "set local enable_nestloop = off";

  private static final String UNPINNED = "set local enable_nestloop to default";

  private static final String NOMINATE =
      """
      insert into deletion_candidate as c (collection, external_id, stream, run)
      select r.collection, r.external_id, :stream, :run
      from record r
      where r.collection = :collection and r.stream = :stream and r.partition = ''
        and r.deleted_at is null and r.version <= :baseline
        and not exists (
          select 1 from (select unnest(ids) as id from seen where run = :run and collection = :collection offset 0) s
          where s.id = r.external_id)
      on conflict (collection, external_id)
      do update set misses = case when c.run = excluded.run then c.misses else c.misses + 1 end,
                    run = excluded.run, stream = excluded.stream
      """;

  /** Books the live rows that this full read missed. */
  void nominate(Handle handle, long run, long collection, String stream, long baseline) {
    handle.execute(PINNED);
    handle
        .createUpdate(NOMINATE)
        .bind("stream", stream)
        .bind("run", run)
        .bind("collection", collection)
        .bind("baseline", baseline)
        .execute();
    handle.execute(UNPINNED);
  }

  private static final String FORGET_OTHERS =
      "delete from deletion_candidate where collection = :collection and stream = :stream and run <> :run";

  /** Rows that an earlier read missed and this one saw are no candidates any more. */
  void forgetOthers(Handle handle, long run, long collection, String stream) {
    handle
        .createUpdate(FORGET_OTHERS)
        .bind("collection", collection)
        .bind("stream", stream)
        .bind("run", run)
        .execute();
  }

  /** What was missed in one collection, against what there is. */
  record Missing(long collection, long candidates, long live, boolean nothingSeen) {}

  private static final String MISSING =
      """
      select (select count(*) from deletion_candidate where run = :run and collection = :collection and misses >= :misses) as candidates,
             (select count(*) from record where collection = :collection and stream = :stream and deleted_at is null) as live,
             not exists (select 1 from seen where run = :run and collection = :collection and cardinality(ids) > 0) as nothing_seen
      """;

  Missing missing(Handle handle, long run, long collection, String stream, int misses) {
    return handle
        .createQuery(MISSING)
        .bind("run", run)
        .bind("collection", collection)
        .bind("stream", stream)
        .bind("misses", misses)
        .map((rs, ctx) ->
            new Missing(
                collection,
                rs.getLong("candidates"),
                rs.getLong("live"),
                rs.getBoolean("nothing_seen")))
        .one();
  }

  private static final String DROP =
      "delete from deletion_candidate where run = :run and collection = :collection";

  void drop(Handle handle, long run, long collection) {
    handle.createUpdate(DROP).bind("run", run).bind("collection", collection).execute();
  }

  private static final String FOUND =
      "update sync_run set candidates = :candidates, held = :held, warning = :warning where id = :run";

  void found(
      Handle handle,
      long run,
      long candidates,
      long held,
      @org.jspecify.annotations.Nullable String warning) {
    handle
        .createUpdate(FOUND)
        .bind("candidates", candidates)
        .bind("held", held)
        .bind("warning", warning)
        .bind("run", run)
        .execute();
  }

  /** Rows of one collection that are to go. */
  record Chunk(long collection, List<String> externalIds) {}

  private static final String NEXT_COLLECTION =
      "select min(collection) from deletion_candidate where run = :run and misses >= :misses";

  private static final String CHUNK =
      """
      select external_id from deletion_candidate
      where run = :run and collection = :collection and misses >= :misses order by external_id limit :limit
      """;

  /** The next rows to delete; empty ids when none is left. */
  Chunk chunk(Handle handle, long run, int misses, int limit) {
    Long collection =
        handle
            .createQuery(NEXT_COLLECTION)
            .bind("run", run)
            .bind("misses", misses)
            .mapTo(Long.class)
            .findOne()
            .orElse(null);
    if (collection == null) {
      return new Chunk(0, List.of());
    }
    return new Chunk(
        collection,
        handle
            .createQuery(CHUNK)
            .bind("run", run)
            .bind("collection", collection)
            .bind("misses", misses)
            .bind("limit", limit)
            .mapTo(String.class)
            .list());
  }

  private static final String DONE =
      "delete from deletion_candidate where run = :run and collection = :collection and external_id = any(:ids)";

  void done(Handle handle, long run, Chunk chunk) {
    handle
        .createUpdate(DONE)
        .bind("run", run)
        .bind("collection", chunk.collection())
        .bindArray("ids", String.class, chunk.externalIds().toArray())
        .execute();
  }

  private static final String BOOK =
      """
      update sync_run
      set deleted = deleted + :deleted,
          collections = (select coalesce(array_agg(distinct c), '{}') from unnest(collections || :collection::bigint) c)
      where id = :run
      """;

  void book(Handle handle, long run, long collection, long deleted) {
    handle
        .createUpdate(BOOK)
        .bind("deleted", deleted)
        .bind("collection", collection)
        .bind("run", run)
        .execute();
  }
}

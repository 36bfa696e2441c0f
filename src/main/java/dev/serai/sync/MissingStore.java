package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What a full read saw, against what there is. Every write is behind the fence of the run. */
final class MissingStore {
  private static final String EVERY_PAGE_SEEN =
      "select (select count(distinct page) from seen where run = :run) = (select pages from sync_run where id = :run)";

  /** True if every page of the run left its mark: only then is a missing row really missing. */
  boolean everyPageSeen(Handle handle, long run) {
    return handle.createQuery(EVERY_PAGE_SEEN).bind("run", run).mapTo(Boolean.class).one();
  }

  private static final String EMPTY_PAGE =
      "select exists (select from seen where run = :run group by page having sum(cardinality(ids)) = 0)";

  /** Whether some page of the run brought nothing at all. */
  boolean emptyPage(Handle handle, long run) {
    return handle.createQuery(EMPTY_PAGE).bind("run", run).mapTo(Boolean.class).one();
  }

  private static final String LISTED =
      "select coalesce(sum(cardinality(ids)), 0) from seen where run = :run and collection = :collection";

  /** How many rows the run listed of a collection, each page's ids once. */
  long listed(Handle handle, long run, long collection) {
    return handle
        .createQuery(LISTED)
        .bind("run", run)
        .bind("collection", collection)
        .mapTo(Long.class)
        .one();
  }

  private static final String RANGE_END =
      """
      select external_id from record
      where collection = :collection and external_id > :after order by external_id offset :rows - 1 limit 1
      """;

  /** The last id of the next so many rows; empty if fewer are left. */
  Optional<String> rangeEnd(Handle handle, long collection, String after, int rows) {
    return handle
        .createQuery(RANGE_END)
        .bind("collection", collection)
        .bind("after", after)
        .bind("rows", rows)
        .mapTo(String.class)
        .findOne();
  }

  // The seen ids are one relation that is hashed once (OFFSET 0), and the rows are a range of the
  // primary key. How long arrays are is not known to the planner: left free it took 20,000 ids for
  // a few and compared each with each, 11 s instead of 0.1.
  private static final String PINNED =
      "set local enable_nestloop = off; set local enable_seqscan = off; set local enable_bitmapscan = off";

  private static final String UNPINNED =
      "set local enable_nestloop to default; set local enable_seqscan to default; set local enable_bitmapscan to default";

  /**
   * Two reads in a row means two reads of the stream that owns the row: what another one missed
   * before the row changed hands does not count.
   */
  static final String NOMINATE =
      """
      with live as materialized (
        select external_id, version <= :baseline and partition = '' as old from record
        where collection = :collection and external_id > :after and (:through::text is null or external_id <= :through)
          and stream = :stream and deleted_at is null),
      nominated as (
        insert into deletion_candidate as c (collection, external_id, stream, run)
        select :collection, l.external_id, :stream, :run from live l
        where l.old and not exists (
          select from (
            select id from (select unnest(ids) as id from seen where run = :run and collection = :collection) each
            where id collate "C" > :after and (:through::text is null or id collate "C" <= :through) offset 0) s
          where s.id = l.external_id)
        on conflict (collection, external_id)
        do update set run = excluded.run, stream = excluded.stream,
          misses = case when c.stream <> excluded.stream then 1 when c.run = excluded.run then c.misses else c.misses + 1 end
        returning misses)
      select (select count(*) from live) as live, (select count(*) from nominated) as missed,
        (select count(*) from nominated where misses >= :misses) as proven
      """;

  /**
   * A part of a collection.
   *
   * @param missed rows that this read missed
   * @param proven of them, those that as many reads missed as are wanted
   */
  record Range(long live, long missed, long proven) {}

  /** Books the live rows of the range that this full read missed. */
  Range nominate(
      Handle handle,
      Run run,
      long collection,
      String stream,
      String after,
      @Nullable String through,
      int misses) {
    handle.execute(PINNED);
    Range range =
        handle
            .createQuery(NOMINATE)
            .bind("baseline", run.baseline().getOrDefault(collection, -1L))
            .bind("collection", collection)
            .bind("after", after)
            .bind("through", through)
            .bind("stream", stream)
            .bind("run", run.id())
            .bind("misses", misses)
            .map((rs, context) ->
                new Range(rs.getLong("live"), rs.getLong("missed"), rs.getLong("proven")))
            .one();
    handle.execute(UNPINNED);
    return range;
  }

  private static final String FORGET_OTHERS =
      """
      delete from deletion_candidate
      where collection = :collection and external_id > :after and (:through::text is null or external_id <= :through)
        and stream = :stream and run <> :run
      """;

  /** Rows that an earlier read missed and this one saw are no candidates any more. */
  void forgetOthers(
      Handle handle,
      long run,
      long collection,
      String stream,
      String after,
      @Nullable String through) {
    handle
        .createUpdate(FORGET_OTHERS)
        .bind("collection", collection)
        .bind("after", after)
        .bind("through", through)
        .bind("stream", stream)
        .bind("run", run)
        .execute();
  }

  private static final String DROP =
      """
      delete from deletion_candidate where ctid = any(array(
        select ctid from deletion_candidate where run = :run and collection = :collection limit :limit))
      """;

  /** Lets go of some of what the run has nominated; how many. */
  int drop(Handle handle, long run, long collection, int limit) {
    return handle
        .createUpdate(DROP)
        .bind("run", run)
        .bind("collection", collection)
        .bind("limit", limit)
        .execute();
  }

  private static final String MOVE =
      "update sync set position = cast(:position as jsonb) where id = :sync";

  /** Keeps how far the search has come. */
  void move(Handle handle, long sync, @Nullable JsonNode position) {
    handle
        .createUpdate(MOVE)
        .bind("position", RunStore.text(position))
        .bind("sync", sync)
        .execute();
  }

  private static final String FOUND =
      "update sync_run set candidates = :candidates, held = :held, warning = :warning where id = :run";

  /** The search is over. */
  void found(Handle handle, long run, long candidates, long held, @Nullable String warning) {
    handle
        .createUpdate(FOUND)
        .bind("candidates", candidates)
        .bind("held", held)
        .bind("warning", warning)
        .bind("run", run)
        .execute();
  }
}

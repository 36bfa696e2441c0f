package dev.serai.sync;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Missing rows that are to be deleted. Every write is behind the fence of the run. */
final class DeletionStore {
  /** Rows of one collection that are to go. */
  record Chunk(long collection, List<String> externalIds) {}

  // By the primary key, onwards from the chunk before: the index on run (hence the + 0) would sort
  // all that is left for every chunk.
  private static final String CHUNK =
      """
      select external_id from deletion_candidate
      where collection = :collection and external_id > :after and run + 0 = :run and misses >= :misses
      order by external_id limit :limit
      """;

  /**
   * The next rows to delete; no ids when none is left.
   *
   * @param after ids up to here are done; empty text at the beginning
   */
  Chunk chunk(Handle handle, long run, long collection, String after, int misses, int limit) {
    return new Chunk(
        collection,
        handle
            .createQuery(CHUNK)
            .bind("run", run)
            .bind("collection", collection)
            .bind("after", after)
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

package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.RecordWriter.Counts;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a page leaves behind besides its records: progress, counts, and what a full read saw. Behind
 * the fence only.
 */
final class PageStore {
  private static final String MOVE =
      """
      update sync set position = cast(:position as jsonb),
                      checkpoint = coalesce(cast(:checkpoint as jsonb), checkpoint), failures = 0
      where id = :sync
      """;

  private static final String PAGE =
      """
      update sync_run
      set pages = pages + 1, added = added + :added, updated = updated + :updated, deleted = deleted + :deleted,
          unchanged = unchanged + :unchanged, quarantined = quarantined + :quarantined,
          duplicates = duplicates + :duplicates, skipped = skipped + :skipped, unwatched = unwatched + :unwatched,
          phase = case when :last then 'deleting' else phase end,
          collections = (select coalesce(array_agg(distinct c), '{}') from unnest(collections || :collections) c)
      where id = :run
      returning pages
      """;

  /**
   * Books a page: progress on the sync, counts on the run. The last page moves the run on in the
   * same breath, so that no crash can make it read again from the start.
   *
   * @return the number of this page within the run, from 1
   */
  int page(
      Handle handle,
      Lease held,
      long run,
      @Nullable JsonNode position,
      @Nullable JsonNode checkpoint,
      Counts counts,
      Set<Long> collections) {
    handle
        .createUpdate(MOVE)
        .bind("position", RunStore.text(position))
        .bind("checkpoint", RunStore.text(checkpoint))
        .bind("sync", held.sync())
        .execute();
    return handle
        .createQuery(PAGE)
        .bind("added", counts.added())
        .bind("updated", counts.updated())
        .bind("deleted", counts.deleted())
        .bind("unchanged", counts.unchanged())
        .bind("quarantined", counts.quarantined())
        .bind("duplicates", counts.duplicates())
        .bind("skipped", counts.skipped())
        .bind("unwatched", counts.unwatched())
        .bind("last", position == null)
        .bindArray("collections", Long.class, collections.toArray())
        .bind("run", run)
        .mapTo(Integer.class)
        .one();
  }

  private static final String SEEN =
      "insert into seen (run, page, collection, ids) values (:run, :page, :collection, :ids)";

  /** What a full read saw on one page; a page that saw nothing is booked too (collection 0). */
  void seen(Handle handle, long run, int page, Map<Long, Set<String>> ids) {
    Map<Long, Set<String>> rows = ids.isEmpty() ? Map.of(0L, Set.of()) : ids;
    rows.forEach((collection, seen) ->
        handle
            .createUpdate(SEEN)
            .bind("run", run)
            .bind("page", page)
            .bind("collection", collection)
            .bindArray("ids", String.class, seen.toArray())
            .execute());
  }
}

package dev.serai.record;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Reads and rewrites before and after images where they lie, a chunk at a time. Thread-safe. */
final class HistoryConversionStore {
  /** Before and after of one version; each may have a key of its own. */
  record StoredImages(
      String place,
      long version,
      String externalId,
      Payload before,
      @Nullable Long beforeKey,
      Payload after,
      @Nullable Long afterKey) {}

  private static final String IMAGES =
      """
      with next as materialized (
        select h.*,
          sum((coalesce(pg_column_size(before), 0) + coalesce(pg_column_size(after), 0)
            + coalesce(pg_column_size(before_sealed), 0) + coalesce(pg_column_size(after_sealed), 0))::bigint)
            over (order by version rows between unbounded preceding and 1 preceding) as size
        from (
          select ctid, * from record_history where collection = :collection and version > :after
          order by version limit :limit) h)
      select ctid::text as place, version, external_id, before_key, after_key,
        before::text as before, before_sealed, after::text as after, after_sealed
      from next where size is null or size < :bytes
      """;

  private static final RowMapper<StoredImages> IMAGE =
      (row, context) ->
          new StoredImages(
              row.getString("place"),
              row.getLong("version"),
              row.getString("external_id"),
              new Payload(row.getString("before"), row.getBytes("before_sealed")),
              (Long) row.getObject("before_key"),
              new Payload(row.getString("after"), row.getBytes("after_sealed")),
              (Long) row.getObject("after_key"));

  List<StoredImages> images(Handle transaction, long collection, long after, int limit) {
    ConversionStore.inOrder(transaction);
    return transaction
        .createQuery(IMAGES)
        .bind("collection", collection)
        .bind("after", after)
        .bind("bytes", ConversionStore.MAX_BYTES)
        .bind("limit", limit)
        .map(IMAGE)
        .list();
  }

  private static final String REWRITE_IMAGES =
      """
      update record_history h set before = u.before::jsonb, before_sealed = u.before_sealed,
        before_key = u.before_key, after = u.after::jsonb, after_sealed = u.after_sealed, after_key = u.after_key
      from unnest(:places, :versions, :before, :beforeSealed, :beforeKeys, :after, :afterSealed, :afterKeys)
        as u(place, version, before, before_sealed, before_key, after, after_sealed, after_key)
      where h.ctid = u.place and h.collection = :collection and h.version = u.version
      """;

  void rewriteImages(Handle transaction, long collection, List<StoredImages> rows) {
    ConversionStore.inPlace(
        transaction,
        rows.size(),
        () ->
            transaction
                .createUpdate(REWRITE_IMAGES)
                .bind("collection", collection)
                .bind("places", SqlArguments.column("tid", rows, StoredImages::place))
                .bind("versions", SqlArguments.column("int8", rows, StoredImages::version))
                .bind("before", SqlArguments.column("text", rows, row -> row.before().plain()))
                .bind("beforeSealed", SqlArguments.bytes(rows, row -> row.before().sealed()))
                .bind("beforeKeys", SqlArguments.column("int8", rows, StoredImages::beforeKey))
                .bind("after", SqlArguments.column("text", rows, row -> row.after().plain()))
                .bind("afterSealed", SqlArguments.bytes(rows, row -> row.after().sealed()))
                .bind("afterKeys", SqlArguments.column("int8", rows, StoredImages::afterKey))
                .execute());
  }
}

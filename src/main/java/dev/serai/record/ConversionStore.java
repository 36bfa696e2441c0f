package dev.serai.record;

import dev.serai.database.Database;
import java.util.List;
import java.util.function.IntSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Reads and rewrites stored payloads where they lie, a chunk at a time. Thread-safe. */
final class ConversionStore {
  /** What one chunk may hold of payloads, as they are stored. */
  static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final String COLLECTIONS =
      """
      select c.id, c.connection, c.model, i.provider, c.converted
      from collection c
      join connection k on k.id = c.connection
      left join integration i on i.id = k.integration
      where k.deleted_at is null and c.id > :after order by c.id limit :limit
      """;

  /** In the order of the primary key, by index only: without statistics the rest was sorted. */
  private static final String IN_ORDER =
      """
      set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off;
      set local enable_hashjoin = off; set local enable_mergejoin = off
      """;

  /** Rows are found where the chunk saw them; nothing moves them under the collection's lock. */
  private static final String IN_PLACE =
      "set local enable_indexscan = off; set local enable_indexonlyscan = off";

  private static final String ANY_WAY =
      "set local enable_indexscan to default; set local enable_indexonlyscan to default";

  private final Database database;

  ConversionStore(Database database) {
    this.database = database;
  }

  /** A collection of a live connection, and what its rows were last brought to. */
  record Candidate(
      long id,
      long connection,
      String model,
      @Nullable String provider,
      @Nullable String converted) {}

  List<Candidate> collections(long after, int limit) {
    return database.read(handle ->
        handle
            .createQuery(COLLECTIONS)
            .bind("after", after)
            .bind("limit", limit)
            .map((row, context) ->
                new Candidate(
                    row.getLong("id"),
                    row.getLong("connection"),
                    row.getString("model"),
                    row.getString("provider"),
                    row.getString("converted")))
            .list());
  }

  private static final String HOLD =
      "select true from connection where id = :id and deleted_at is null for share";

  /** False if the connection was deleted; else it is not until the transaction ends. */
  boolean hold(Handle transaction, long connection) {
    return transaction
        .createQuery(HOLD)
        .bind("id", connection)
        .mapTo(Boolean.class)
        .findOne()
        .isPresent();
  }

  private static final String STAND =
      "select converted, converted_after from collection where id = :id";

  /**
   * @param converted null: nobody knows; the name of a form: every row is of it; the name behind a
   *     {@code >}: under way
   */
  record Stand(@Nullable String converted, @Nullable String after) {}

  Stand stand(Handle transaction, long collection) {
    return transaction
        .createQuery(STAND)
        .bind("id", collection)
        .map((row, context) ->
            new Stand(row.getString("converted"), row.getString("converted_after")))
        .one();
  }

  private static final String MOVE =
      """
      update collection set converted = :converted, converted_after = :after, writes = writes + 1
      where id = :id
      """;

  void move(Handle transaction, long collection, Stand to) {
    transaction
        .createUpdate(MOVE)
        .bind("id", collection)
        .bind("converted", to.converted())
        .bind("after", to.after())
        .execute();
  }

  /**
   * @param payload left out where the row is of the form already
   */
  record StoredRecord(
      String place,
      String externalId,
      byte[] hash,
      byte @Nullable [] watched,
      @Nullable Long key,
      @Nullable Integer recipe,
      Payload payload) {}

  private static final String RECORDS =
      """
      with next as materialized (
        select ctid, external_id, hash, watched, key, recipe, data, sealed,
          sum(coalesce(pg_column_size(data), 0) + coalesce(pg_column_size(sealed), 0)::bigint)
            over (order by external_id rows between unbounded preceding and 1 preceding) as before
        from (
          select ctid, * from record where collection = :collection and external_id > :after
          order by external_id limit :limit) r)
      select ctid::text as place, external_id, hash, watched, key, recipe,
        case when key is distinct from :key or recipe is distinct from :recipe then data::text end as plain,
        case when key is distinct from :key or recipe is distinct from :recipe then sealed end as sealed
      from next where before is null or before < :bytes
      """;

  private static final RowMapper<StoredRecord> RECORD =
      (row, context) ->
          new StoredRecord(
              row.getString("place"),
              row.getString("external_id"),
              row.getBytes("hash"),
              row.getBytes("watched"),
              (Long) row.getObject("key"),
              (Integer) row.getObject("recipe"),
              new Payload(row.getString("plain"), row.getBytes("sealed")));

  /** The next rows of a locked collection, by external id. */
  List<StoredRecord> records(
      Handle transaction, long collection, String after, RowForm to, int limit) {
    inOrder(transaction);
    return transaction
        .createQuery(RECORDS)
        .bind("collection", collection)
        .bind("after", after)
        .bind("key", to.keyId())
        .bind("recipe", to.recipe().id())
        .bind("bytes", MAX_BYTES)
        .bind("limit", limit)
        .map(RECORD)
        .list();
  }

  private static final String REWRITE_RECORDS =
      """
      update record r set hash = u.hash, watched = u.watched, key = u.key, recipe = u.recipe,
        data = case when u.plain is null and u.sealed is null then r.data else u.plain::jsonb end,
        sealed = case when u.plain is null and u.sealed is null then r.sealed else u.sealed end
      from unnest(:places, :ids, :hashes, :watched, :keys, :recipes, :plain, :sealed)
        as u(place, id, hash, watched, key, recipe, plain, sealed)
      where r.ctid = u.place and r.collection = :collection and r.external_id = u.id
      """;

  /** Rewrites rows; one without a payload keeps the one it has. */
  void rewriteRecords(Handle transaction, long collection, List<StoredRecord> rows) {
    inPlace(
        transaction,
        rows.size(),
        () ->
            transaction
                .createUpdate(REWRITE_RECORDS)
                .bind("collection", collection)
                .bind("places", SqlArguments.column("tid", rows, StoredRecord::place))
                .bind("ids", SqlArguments.column("text", rows, StoredRecord::externalId))
                .bind("hashes", SqlArguments.bytes(rows, StoredRecord::hash))
                .bind("watched", SqlArguments.bytes(rows, StoredRecord::watched))
                .bind("keys", SqlArguments.column("int8", rows, StoredRecord::key))
                .bind("recipes", SqlArguments.column("int4", rows, StoredRecord::recipe))
                .bind("plain", SqlArguments.column("text", rows, row -> row.payload().plain()))
                .bind("sealed", SqlArguments.bytes(rows, row -> row.payload().sealed()))
                .execute());
  }

  /** From here on what is read is read by the primary key, in its order. */
  static void inOrder(Handle transaction) {
    transaction.execute(IN_ORDER);
  }

  /** Changes as many rows as are expected, where they lie. */
  static void inPlace(Handle transaction, int expected, IntSupplier rewriting) {
    transaction.execute(IN_PLACE);
    int changed = rewriting.getAsInt();
    transaction.execute(ANY_WAY);
    if (changed != expected) {
      throw new IllegalStateException(
          "%d rows were to be converted and %d were, under the lock".formatted(expected, changed));
    }
  }
}

package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.RecordQuery.Action;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Reads the change feed. */
final class FeedStore {
  private static final String FEED =
      """
      select id, version, last_at, purged_through from collection
      where connection = :connection and variant = :variant and lower(model) = lower(:model)
      order by model = :model desc limit 1
      """;

  static final String ROWS =
      """
      select external_id, data::text as data, version, first_seen_at, last_modified_at, last_action,
        deleted_at, pruned_at
      from record
      where collection = :collection and -collection = -:collection and (last_modified_at, version) > (:at, :version)
        and last_action = any(cast(:actions as "char"[]))
      order by last_modified_at, version limit :limit
      """;

  /**
   * Without statistics PostgreSQL sorted the whole rest of the collection for every chunk; without
   * sort and bitmap it walks the change index, which is in order already.
   */
  static final String PINNED = "set local enable_sort = off; set local enable_bitmapscan = off";

  private static final String NAMED_ROWS =
      """
      select r.external_id, r.data::text as data, r.version, r.first_seen_at, r.last_modified_at, r.last_action,
        r.deleted_at, r.pruned_at
      from (select distinct unnest(cast(:ids as text[])) as id) u
      cross join lateral (
        select * from record where collection = :collection and external_id = u.id offset 0) r
      where (r.last_modified_at, r.version) > (:at, :version)
        and r.last_action = any(cast(:actions as "char"[]))
      order by r.last_modified_at, r.version limit :limit
      """;

  private static final String COUNTS =
      "select model, live from collection where connection = :connection and variant = :variant";

  private static final RowMapper<Row> ROW =
      (row, context) ->
          new Row(
              row.getString("external_id"),
              row.getString("data"),
              row.getLong("version"),
              row.getObject("first_seen_at", OffsetDateTime.class),
              row.getObject("last_modified_at", OffsetDateTime.class),
              Action.of(row.getString("last_action")),
              row.getObject("deleted_at", OffsetDateTime.class),
              row.getObject("pruned_at", OffsetDateTime.class));

  private final Database database;

  FeedStore(Database database) {
    this.database = database;
  }

  /** A collection as its readers see it. */
  record Feed(long id, long version, OffsetDateTime lastAt, long purgedThrough) {
    RecordCursor end() {
      return RecordCursor.at(lastAt, version, version);
    }

    /** True for a cursor ahead of everything that was ever committed here. */
    boolean lost(RecordCursor cursor) {
      return cursor.known() > version || cursor.stamp().isAfter(lastAt);
    }
  }

  record Row(
      String externalId,
      @Nullable String data,
      long version,
      OffsetDateTime firstSeenAt,
      OffsetDateTime lastModifiedAt,
      Action lastAction,
      @Nullable OffsetDateTime deletedAt,
      @Nullable OffsetDateTime prunedAt) {}

  Optional<Feed> feed(CollectionKey key) {
    return database.read(handle ->
        handle
            .createQuery(FEED)
            .bindMethods(key)
            .map((row, context) ->
                new Feed(
                    row.getLong("id"),
                    row.getLong("version"),
                    row.getObject("last_at", OffsetDateTime.class),
                    row.getLong("purged_through")))
            .findOne());
  }

  /** The next rows after a place, at most {@code limit}. */
  List<Row> rows(long collection, OffsetDateTime at, long version, RecordQuery query, int limit) {
    Collection<Action> actions =
        query.filter().isEmpty() ? Arrays.asList(Action.values()) : query.filter();
    return database.read(handle ->
        handle
            .createQuery(query.ids().isEmpty() ? ROWS : NAMED_ROWS)
            .bind("collection", collection)
            .bind("at", SqlArguments.exact(at))
            .bind("version", version)
            .bind("actions", SqlArguments.texts(actions.stream().map(Action::code).toList()))
            .bind("ids", SqlArguments.texts(query.ids()))
            .bind("limit", limit)
            .map(ROW)
            .list());
  }

  Map<String, Long> counts(long connection, String variant) {
    Map<String, Long> counts = new TreeMap<>();
    database.read(handle ->
        handle
            .createQuery(COUNTS)
            .bind("connection", connection)
            .bind("variant", variant)
            .map((row, context) -> counts.put(row.getString("model"), row.getLong("live")))
            .list());
    return counts;
  }
}

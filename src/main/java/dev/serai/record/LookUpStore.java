package dev.serai.record;

import dev.serai.record.RecordWriter.Write;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Steps ① and ③: what the rows of a page's ids say, always by a plan that needs no statistics. */
final class LookUpStore {
  /**
   * Only what differs comes back, so an unchanged page costs its look-up and nothing else. OFFSET 0
   * keeps the look-up a probe of the primary key per id: as a plain join it hashed the collection.
   * {@code writes} is of the same snapshot as the rows.
   */
  static final String LOOK_UP =
      """
      select u.n - 1 as index, x.hash = u.hash as same, (select writes from collection where id = :collection) as writes,
        x.ctid::text as place, x.version, x.added_version, x.told_version, x.first_seen_at, x.stream, x.partition, x.bytes,
        x.deleted_at is not null as deleted, x.writer <> :writer and coalesce(x.noted_at, x.last_modified_at) > :noted as guarded,
        x.stream is distinct from coalesce(:stream, x.stream)
          or (:stream is not null and x.partition <> :partition) as foreign_to,
        x.key, x.recipe,
        case when x.key is distinct from :key or x.recipe is distinct from :recipe then x.hash end as other, x.watched
      from unnest(:ids, :hashes) with ordinality as u(id, hash, n)
      left join lateral (
        select r.ctid, r.version, r.added_version, r.told_version, r.first_seen_at, r.hash, r.writer, r.last_modified_at, r.noted_at,
          r.deleted_at, r.bytes, r.stream, r.partition, r.key, r.recipe, r.watched
        from record r where r.collection = :collection and r.external_id = u.id offset 0) x on true
      where case
        when u.hash is null then x.version is not null and x.deleted_at is null
        else x.version is null or x.deleted_at is not null or x.hash <> u.hash
          or x.stream is distinct from coalesce(:stream, x.stream)
          or (:stream is not null and x.partition <> :partition)
        end
      """;

  /**
   * An item that the collection does not agree with.
   *
   * @param index of the item
   * @param row what is there; null: nothing
   * @param same the content is the same
   * @param quiet the watched fields are the same
   */
  record Found(int index, @Nullable StoredRow row, boolean same, boolean quiet) {}

  /**
   * @param rows by ascending index
   * @param writes the collection's when they were read; holds nothing if there are no rows
   */
  record Seen(List<Found> rows, long writes) {}

  /**
   * Rows of which another kind of writer knows more are guarded from pages and webhooks; an action
   * knows best.
   */
  Seen lookUp(Handle handle, long collection, RowForm form, List<Item> items, Write write) {
    boolean action = write.writer() == RecordWriter.Writer.ACTION;
    return handle
        .createQuery(LOOK_UP)
        .bind("ids", SqlArguments.of("text", items.stream().map(Item::id).toArray(String[]::new)))
        .bind(
            "hashes",
            SqlArguments.of("bytea", items.stream().map(Item::hash).toArray(byte[][]::new)))
        .bind("noted", SqlArguments.exact(action ? OffsetDateTime.MAX : write.noted()))
        .bind("writer", String.valueOf(write.writer().code()))
        .bind("collection", collection)
        .bind("key", form.keyId())
        .bind("recipe", form.recipe().id())
        .bind("stream", write.stream())
        .bind("partition", write.partition())
        .scanResultSet((rows, context) -> seen(rows.get()));
  }

  private static Seen seen(ResultSet rows) throws SQLException {
    List<Found> found = new ArrayList<>();
    long writes = -1;
    boolean sorted = true;
    while (rows.next()) {
      Found next = new Found(rows.getInt(1), row(rows), rows.getBoolean(2), false);
      sorted &= found.isEmpty() || found.getLast().index() < next.index();
      found.add(next);
      writes = rows.getLong(3);
    }
    if (!sorted) {
      found.sort(Comparator.comparingInt(Found::index));
    }
    return new Seen(found, writes);
  }

  private static @Nullable StoredRow row(ResultSet rows) throws SQLException {
    String place = rows.getString(4);
    if (place == null) {
      return null;
    }
    return new StoredRow(
        place,
        rows.getLong(5),
        rows.getLong(6),
        (Long) rows.getObject(7),
        rows.getObject(8, OffsetDateTime.class),
        rows.getString(9),
        rows.getString(10),
        rows.getInt(11),
        rows.getBoolean(12),
        rows.getBoolean(13),
        rows.getBoolean(14),
        (Long) rows.getObject(15),
        (Integer) rows.getObject(16),
        rows.getBytes(17),
        rows.getBytes(18));
  }
}

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
      select u.n - 1 as index, x.version, x.hash = u.hash as same,
        x.writer <> 'p' and x.last_modified_at > :noted as guarded,
        x.deleted_at is not null as deleted, x.bytes, x.ctid::text as place, x.key, x.recipe,
        case when x.key is distinct from :key or x.recipe is distinct from :recipe then x.hash end as other,
        x.watched, (select writes from collection where id = :collection) as writes,
        x.stream is distinct from coalesce(:stream, x.stream)
          or (:stream is not null and x.partition <> :partition) as foreign_to
      from unnest(:ids, :hashes) with ordinality as u(id, hash, n)
      left join lateral (
        select r.ctid, r.version, r.hash, r.writer, r.last_modified_at, r.deleted_at, r.bytes, r.stream, r.partition,
          r.key, r.recipe, r.watched
        from record r where r.collection = :collection and r.external_id = u.id offset 0) x on true
      where case
        when u.hash is null then x.version is not null and x.deleted_at is null
        else x.version is null or x.deleted_at is not null or x.hash <> u.hash
          or x.stream is distinct from coalesce(:stream, x.stream)
          or (:stream is not null and x.partition <> :partition)
        end
      """;

  /**
   * A row that differs from what the page says of it.
   *
   * @param index of the item
   * @param exists false: there is no row yet
   * @param same the content is the same
   * @param quiet the watched fields are the same
   * @param foreign another stream or partition saw it last
   * @param guarded another kind of writer changed it since the page was asked for
   * @param place where the row lies; good while the collection's {@code writes} stays
   * @param otherHash its hash, if that was made in another way than the page's
   */
  record Found(
      int index,
      boolean exists,
      boolean same,
      boolean quiet,
      boolean foreign,
      boolean guarded,
      long version,
      boolean deleted,
      int bytes,
      @Nullable String place,
      @Nullable Long key,
      @Nullable Integer recipe,
      byte @Nullable [] otherHash,
      byte @Nullable [] watched) {

    /** The same row for another list of items. */
    Found at(int newIndex) {
      return new Found(
          newIndex, exists, same, quiet, foreign, guarded, version, deleted, bytes, place, key,
          recipe, otherHash, watched);
    }

    Found compared(boolean isSame, boolean isQuiet) {
      return new Found(
          index, exists, isSame, isQuiet, foreign, guarded, version, deleted, bytes, place, key,
          recipe, otherHash, watched);
    }
  }

  /**
   * @param rows by ascending index
   * @param writes the collection's when they were read; holds nothing if there are no rows
   */
  record Seen(List<Found> rows, long writes) {}

  Seen lookUp(Handle handle, long collection, RowForm form, List<Item> items, Write write) {
    boolean page = write.writer() == RecordWriter.Writer.PAGE;
    return handle
        .createQuery(LOOK_UP)
        .bind("ids", SqlArguments.of("text", items.stream().map(Item::id).toArray(String[]::new)))
        .bind(
            "hashes",
            SqlArguments.of("bytea", items.stream().map(Item::hash).toArray(byte[][]::new)))
        .bind("noted", SqlArguments.exact(page ? write.noted() : OffsetDateTime.MAX))
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
      Found next = found(rows);
      sorted &= found.isEmpty() || found.getLast().index() < next.index();
      found.add(next);
      writes = rows.getLong(12);
    }
    if (!sorted) {
      found.sort(Comparator.comparingInt(Found::index));
    }
    return new Seen(found, writes);
  }

  private static Found found(ResultSet row) throws SQLException {
    int index = row.getInt(1);
    long version = row.getLong(2);
    if (row.wasNull()) {
      return new Found(
          index, false, false, false, false, false, 0, false, 0, null, null, null, null, null);
    }
    return new Found(
        index,
        true,
        row.getBoolean(3),
        false,
        row.getBoolean(13),
        row.getBoolean(4),
        version,
        row.getBoolean(5),
        row.getInt(6),
        row.getString(7),
        (Long) row.getObject(8),
        (Integer) row.getObject(9),
        row.getBytes(10),
        row.getBytes(11));
  }
}

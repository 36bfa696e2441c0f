package dev.serai.record;

import dev.serai.record.Diff.Revision;
import dev.serai.record.RecordWriter.Write;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of {@code record}, always by plans that do not depend on statistics. */
final class RecordStore {

  /**
   * Only what differs comes back, so an unchanged page costs its look-up and nothing else. OFFSET 0
   * keeps the look-up a probe of the primary key per id: as a plain join it hashed the collection.
   */
  static final String LOOK_UP =
      """
      select u.n - 1 as index, x.version is not null as found, coalesce(x.hash = u.hash, false) as same,
        x.writer <> 'p' and x.last_modified_at > :noted as guarded,
        coalesce(x.version, 0) as version, x.deleted_at is not null as deleted, coalesce(x.bytes, 0) as bytes,
        x.ctid::text as place
      from unnest(:ids, :hashes) with ordinality as u(id, hash, n)
      left join lateral (
        select r.ctid, r.version, r.hash, r.writer, r.last_modified_at, r.deleted_at, r.bytes, r.stream, r.partition
        from record r where r.collection = :collection and r.external_id = u.id offset 0) x on true
      where case
        when u.hash is null then x.version is not null and x.deleted_at is null
        else x.version is null or x.deleted_at is not null or x.hash <> u.hash
          or x.stream is distinct from coalesce(:stream, x.stream)
          or (:stream is not null and x.partition <> :partition)
        end
      """;

  /**
   * Rows are changed at the place the look-up found them: the collection's lock keeps writers out
   * and the look-up's table lock keeps VACUUM FULL out, so a place stays. With every other way
   * disabled PostgreSQL goes from the new values to the rows; left free, it read the whole
   * collection once per value while the table had no statistics.
   */
  static final String PINNED =
      """
      set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_seqscan = off;
      set local enable_bitmapscan = off; set local enable_indexscan = off; set local enable_indexonlyscan = off;
      """;

  private static final String UNPINNED =
      """
      ; set local enable_hashjoin to default; set local enable_mergejoin to default; set local enable_seqscan to default;
      set local enable_bitmapscan to default; set local enable_indexscan to default;
      set local enable_indexonlyscan to default
      """;

  static final String REVISE =
      """
      update record r set version = u.version, last_action = u.action::"char", writer = ?::"char",
        last_modified_at = s.at, hash = coalesce(u.hash, r.hash), bytes = coalesce(u.bytes, r.bytes),
        data = case when u.data is null then r.data else convert_from(u.data, 'UTF8')::jsonb end,
        added_version = case when u.action = 'a' then u.version else r.added_version end,
        deleted_at = case when u.action = 'd' then s.at end,
        pruned_at = case when u.action = 'd' then r.pruned_at end,
        stream = coalesce(s.stream, r.stream),
        partition = case when s.stream is null then r.partition else s.partition end
      from unnest(?, ?, ?, ?, ?, ?, ?) as u(place, id, version, action, hash, data, bytes),
        (values (?::timestamptz, ?::text, ?::text)) as s(at, stream, partition)
      where r.ctid = u.place and r.collection = ? and r.external_id = u.id
      """;

  private static final String ADOPT =
      """
      update record r set stream = ?, partition = ? from unnest(?, ?) as u(place, id)
      where r.ctid = u.place and r.collection = ? and r.external_id = u.id
      """;

  private static final RowMapper<Found> FOUND =
      (row, context) ->
          new Found(
              row.getInt("index"),
              row.getBoolean("found"),
              row.getBoolean("same"),
              row.getBoolean("guarded"),
              row.getLong("version"),
              row.getBoolean("deleted"),
              row.getInt("bytes"),
              row.getString("place"));

  private final RecordCopy copy = new RecordCopy();

  /**
   * A row that differs from what the page says of it.
   *
   * @param index of the item
   * @param exists false: there is no row yet
   * @param same the content is the same
   * @param guarded another kind of writer changed it since the page was asked for
   * @param place where the row lies; good until the transaction ends, if the collection is locked
   */
  record Found(
      int index,
      boolean exists,
      boolean same,
      boolean guarded,
      long version,
      boolean deleted,
      int bytes,
      @Nullable String place) {

    /** The same row for another list of items. */
    Found at(int newIndex) {
      return new Found(newIndex, exists, same, guarded, version, deleted, bytes, place);
    }
  }

  /** Step ① and, under the lock, step ③. */
  List<Found> lookUp(Handle handle, long collection, List<Item> items, Write write) {
    boolean page = write.writer() == RecordWriter.Writer.PAGE;
    return handle
        .createQuery(LOOK_UP)
        .bind("ids", SqlArguments.of("text", items.stream().map(Item::id).toArray(String[]::new)))
        .bind(
            "hashes",
            SqlArguments.of("bytea", items.stream().map(Item::hash).toArray(byte[][]::new)))
        .bind("noted", SqlArguments.exact(page ? write.noted() : OffsetDateTime.MAX))
        .bind("collection", collection)
        .bind("stream", write.stream())
        .bind("partition", write.partition())
        .map(FOUND)
        .list();
  }

  void insert(Handle transaction, RecordCopy.Rows rows) {
    copy.insert(transaction, rows);
  }

  /** Gives existing rows new versions. */
  void revise(Handle transaction, RecordCopy.Rows rows) {
    List<Revision> revisions = rows.revisions();
    Write write = rows.write();
    execute(
        transaction,
        REVISE,
        revisions.size(),
        statement -> {
          var connection = statement.getConnection();
          Object[][] columns = columns(rows);
          statement.setString(1, String.valueOf(write.writer().code()));
          String[] types = {"tid", "text", "int8", "text", "bytea", "bytea", "int4"};
          for (int i = 0; i < types.length; i++) {
            statement.setArray(i + 2, connection.createArrayOf(types[i], columns[i]));
          }
          statement.setObject(9, rows.stamp());
          statement.setString(10, write.stream());
          statement.setString(11, write.partition());
          statement.setLong(12, rows.collection());
        });
  }

  /** Makes rows belong to a stream; no new version, for their content stays. */
  void adopt(Handle transaction, long collection, List<Revision> rows, Write write) {
    execute(
        transaction,
        ADOPT,
        rows.size(),
        statement -> {
          var connection = statement.getConnection();
          String[] places = rows.stream().map(Revision::place).toArray(String[]::new);
          String[] ids = rows.stream().map(row -> row.item().id()).toArray(String[]::new);
          statement.setString(1, write.stream());
          statement.setString(2, write.partition());
          statement.setArray(3, connection.createArrayOf("tid", places));
          statement.setArray(4, connection.createArrayOf("text", ids));
          statement.setLong(5, collection);
        });
  }

  private static Object[][] columns(RecordCopy.Rows rows) {
    int n = rows.revisions().size();
    Object[][] columns = {
      new String[n],
      new String[n],
      new Long[n],
      new String[n],
      new byte[n][],
      new byte[n][],
      new Integer[n]
    };
    for (int i = 0; i < n; i++) {
      Revision revision = rows.revisions().get(i);
      Item item = revision.item();
      columns[0][i] = revision.place();
      columns[1][i] = item.id();
      columns[2][i] = revision.version();
      columns[3][i] = String.valueOf(revision.action());
      if (!item.deletes()) {
        columns[4][i] = item.hash();
        columns[5][i] =
            Arrays.copyOfRange(rows.text(), item.offset(), item.offset() + item.length());
        columns[6][i] = item.length();
      }
    }
    return columns;
  }

  @FunctionalInterface
  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private static void execute(Handle transaction, String update, int expected, Binder binder) {
    try (PreparedStatement statement =
        transaction.getConnection().prepareStatement(PINNED + update + UNPINNED)) {
      binder.bind(statement);
      statement.execute();
      int changed = 0;
      for (int count; (count = statement.getUpdateCount()) >= 0; statement.getMoreResults()) {
        changed += count;
      }
      if (changed != expected) {
        throw new IllegalStateException(
            "%d rows were to change and %d did, under the lock".formatted(expected, changed));
      }
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("cannot change records", e, null);
    }
  }
}

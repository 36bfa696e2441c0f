package dev.serai.record;

import dev.serai.record.Diff.Revision;
import dev.serai.record.RecordWriter.Write;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Writes rows of {@code record}, always by plans that do not depend on statistics. */
final class RecordStore {

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
      update record r set version = u.version, last_action = u.action::"char", writer = s.writer::"char",
        last_modified_at = s.at, noted_at = s.noted, hash = coalesce(u.hash, r.hash), bytes = coalesce(u.bytes, r.bytes),
        data = case when u.data is null then r.data when s.key is null then convert_from(u.data, 'UTF8')::jsonb end,
        sealed = case when u.data is null then r.sealed when s.key is not null then u.data end,
        key = case when u.data is null then r.key else s.key end,
        recipe = case when u.data is null then r.recipe else s.recipe end,
        watched = case when u.data is null then r.watched else u.watched end,
        told_version = case when u.told then null else coalesce(r.told_version, r.version) end,
        added_version = case when u.action = 'a' then u.version else r.added_version end,
        deleted_at = case when u.action = 'd' then s.at end,
        pruned_at = case when u.action = 'd' then r.pruned_at end,
        stream = coalesce(s.stream, r.stream),
        partition = case when s.stream is null then r.partition else s.partition end
      from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) as u(place, id, version, action, told, hash, watched, data, bytes),
        (values (?::text, ?::timestamptz, ?::timestamptz, ?::text, ?::text, ?::bigint, ?::int))
          as s(writer, at, noted, stream, partition, key, recipe)
      where r.ctid = u.place and r.collection = ? and r.external_id = u.id
      """;

  /** The same, and what became what goes into the history. */
  static final String REVISE_AND_KEEP =
      "with revised as (\n"
          + REVISE
          + """
          returning new.collection, new.version, new.external_id, new.last_action, new.last_modified_at,
            new.told_version is null as told, old.data as before, old.sealed as before_sealed, old.key as before_key,
            old.deleted_at is not null as was_gone, new.data, new.sealed, new.key)
          insert into record_history (collection, version, external_id, action, at, told, before, before_sealed, before_key,
            after, after_sealed, after_key)
          select collection, version, external_id, last_action, last_modified_at, told,
            case when not was_gone then before end, case when not was_gone then before_sealed end,
            case when not was_gone and before_sealed is not null then before_key end,
            case when last_action <> 'd' then data end, case when last_action <> 'd' then sealed end,
            case when last_action <> 'd' and sealed is not null then key end
          from revised
          """;

  /** Rows that COPY has just brought: this transaction's stamp is theirs alone. */
  private static final String KEEP_ADDED =
      """
      insert into record_history (collection, version, external_id, action, at, told, after, after_sealed, after_key)
      select collection, version, external_id, last_action, last_modified_at, true, data, sealed,
        case when sealed is not null then key end
      from record
      where collection = :collection and -collection = -:collection and (last_modified_at, version) > (:stamp, :version)
      order by last_modified_at, version
      """;

  private static final String ADOPT =
      """
      update record r set stream = ?, partition = ? from unnest(?, ?) as u(place, id)
      where r.ctid = u.place and r.collection = ? and r.external_id = u.id
      """;

  private final RecordCopy copy = new RecordCopy();

  private static final String REMOVE = "delete from record where ctid = any(?) and collection = ?";

  /**
   * Writes new rows and new versions of old ones. Without a history a row with a new payload is
   * taken away and written anew with the new ones: COPY costs half of what an UPDATE does, and for
   * PostgreSQL both leave one dead row and two index entries.
   *
   * @param added the new rows; says of what all are
   */
  void write(Handle transaction, RecordCopy.Rows added, List<Revision> changed) {
    boolean history = added.form().history();
    List<Revision> copied = new ArrayList<>(added.revisions());
    List<Revision> revised = new ArrayList<>();
    List<Revision> replaced = new ArrayList<>();
    for (Revision revision : changed) {
      (history || revision.item().deletes() ? revised : replaced).add(revision);
    }
    if (!replaced.isEmpty()) {
      remove(transaction, added.collection(), replaced);
      copied.addAll(replaced);
    }
    if (!copied.isEmpty()) {
      copy.insert(transaction, added.with(copied));
    }
    if (history && !copied.isEmpty()) {
      keepAdded(transaction, added);
    }
    if (!revised.isEmpty()) {
      revise(transaction, added.with(revised));
    }
  }

  private static void keepAdded(Handle transaction, RecordCopy.Rows added) {
    transaction.execute(ChangeIndex.WALKED);
    transaction
        .createUpdate(KEEP_ADDED)
        .bind("collection", added.collection())
        .bind("stamp", SqlArguments.exact(added.stamp()))
        .bind("version", added.revisions().getFirst().version() - 1)
        .execute();
    transaction.execute(ChangeIndex.AS_BEFORE);
  }

  private static void remove(Handle transaction, long collection, List<Revision> rows) {
    execute(
        transaction,
        REMOVE,
        rows.size(),
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("tid", places(rows)));
          statement.setLong(2, collection);
        });
  }

  private static @Nullable String[] places(List<Revision> rows) {
    return rows.stream().map(RecordStore::place).toArray(String[]::new);
  }

  private static @Nullable String place(Revision revision) {
    StoredRow row = revision.row();
    return row == null ? null : row.place();
  }

  /** Gives existing rows new versions. */
  private static void revise(Handle transaction, RecordCopy.Rows rows) {
    Write write = rows.write();
    execute(
        transaction,
        rows.form().history() ? REVISE_AND_KEEP : REVISE,
        rows.revisions().size(),
        statement -> {
          var connection = statement.getConnection();
          Object[][] columns = columns(rows);
          String[] types = {
            "tid", "text", "int8", "text", "bool", "bytea", "bytea", "bytea", "int4"
          };
          for (int i = 0; i < types.length; i++) {
            statement.setArray(i + 1, connection.createArrayOf(types[i], columns[i]));
          }
          statement.setString(10, String.valueOf(write.writer().code()));
          statement.setObject(11, rows.stamp());
          statement.setObject(12, write.pageNoted(), Types.TIMESTAMP_WITH_TIMEZONE);
          statement.setString(13, write.stream());
          statement.setString(14, write.partition());
          statement.setObject(15, rows.form().keyId(), Types.BIGINT);
          statement.setObject(16, rows.form().recipe().id(), Types.INTEGER);
          statement.setLong(17, rows.collection());
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
          String[] ids = rows.stream().map(row -> row.item().id()).toArray(String[]::new);
          statement.setString(1, write.stream());
          statement.setString(2, write.partition());
          statement.setArray(3, connection.createArrayOf("tid", places(rows)));
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
      new Boolean[n],
      new byte[n][],
      new byte[n][],
      new byte[n][],
      new Integer[n]
    };
    for (int i = 0; i < n; i++) {
      Revision revision = rows.revisions().get(i);
      Item item = revision.item();
      columns[0][i] = place(revision);
      columns[1][i] = item.id();
      columns[2][i] = revision.version();
      columns[3][i] = String.valueOf(revision.action());
      columns[4][i] = revision.told();
      if (!item.deletes()) {
        columns[5][i] = item.hash();
        columns[6][i] = item.watched();
        columns[7][i] = rows.form().stored(rows.collection(), item, rows.text());
        columns[8][i] = item.length();
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

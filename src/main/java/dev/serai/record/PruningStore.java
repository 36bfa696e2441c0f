package dev.serai.record;

import dev.serai.record.CollectionStore.State;
import dev.serai.record.RecordPruning.Pruned;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Takes payloads and rows out of locked collections. */
final class PruningStore {
  /** Everything up to the collection's pruned version is empty already, so it is not read again. */
  static final String PRUNE =
      """
      with place as (select pruned_at, pruned_version from collection where id = :collection),
      next as (
        select r.ctid, r.last_modified_at, r.version, r.bytes, r.pruned_at is null as filled
        from record r
        where r.collection = :collection and -r.collection = -:collection
          and (r.last_modified_at, r.version) > (select pruned_at, pruned_version from place)
          and (r.last_modified_at, r.version) <= (:at, :version)
        order by r.last_modified_at, r.version limit :limit),
      emptied as (
        update record set data = null, sealed = null, bytes = 0, pruned_at = clock_timestamp()
        where collection = :collection and ctid = any(array(select ctid from next where filled)) returning 1),
      moved as (
        update collection c
        set pruned_at = l.last_modified_at, pruned_version = l.version, writes = c.writes + 1,
          bytes = c.bytes - (select coalesce(sum(bytes), 0) from next where filled)
        from (select last_modified_at, version from next order by version desc limit 1) l
        where c.id = :collection returning 1)
      select (select count(*) from emptied) as count, (select count(*) from next) as read,
        (select count(*) from moved) as moved
      """;

  private static final String FILLED_BY =
      """
      select c.id from collection c
      where c.connection = :connection and c.variant = :variant
        and exists (select from record r where r.collection = c.id and r.stream = :stream)
      order by c.id
      """;

  private static final String EMPTY =
      """
      with gone as (
        delete from record where collection = :collection and ctid = any(array(
          select ctid from record where collection = :collection and stream = :stream limit :limit))
        returning deleted_at, bytes)
      select count(*) as rows, count(*) filter (where deleted_at is null) as live, coalesce(sum(bytes), 0) as bytes
      from gone
      """;

  /** A version of its own: every cursor answered so far is older than it. */
  private static final String EMPTIED =
      """
      update collection set version = version + 1, purged_through = version + 1, last_at = :stamp,
        live = live - :live, deleted = deleted - :deleted, bytes = bytes - :bytes, writes = writes + 1
      where id = :collection
      """;

  private static final String RELEASE =
      "delete from quarantine where collection = :collection and stream = :stream";

  private static final String COLLECTIONS =
      "select id from collection where connection = :connection order by id";

  private static final String REMOVE =
      """
      with gone as (
        delete from record where collection = :collection and ctid = any(array(
          select ctid from record where collection = :collection limit :limit))
        returning deleted_at, bytes),
      past as (
        delete from record_history where collection = :collection and ctid = any(array(
          select ctid from record_history where collection = :collection limit :limit))
        returning 1),
      less as (
        update collection set writes = writes + 1,
          live = live - (select count(*) from gone where deleted_at is null),
          deleted = deleted - (select count(*) from gone where deleted_at is not null),
          bytes = bytes - (select coalesce(sum(bytes), 0) from gone)
        where id = :collection returning 1)
      select (select count(*) from gone) + (select count(*) from past) as count from less
      """;

  /** First of all: what it sealed is erased, however long the rows take. */
  private static final String DROP_KEY = "delete from data_key where connection = :connection";

  private static final List<String> DROP =
      List.of(
          "delete from quarantine where collection = :collection",
          "delete from deletion_candidate where collection = :collection",
          "delete from collection where id = :collection");

  Pruned prune(Handle transaction, long collection, RecordCursor until, int limit) {
    transaction.execute(ChangeIndex.WALKED);
    return transaction
        .createQuery(PRUNE)
        .bind("collection", collection)
        .bind("at", SqlArguments.exact(until.stamp()))
        .bind("version", until.version())
        .bind("limit", limit)
        .map((row, context) -> new Pruned(row.getLong("count"), row.getLong("read") == limit))
        .one();
  }

  /** The collections that hold rows of the stream, ascending. */
  List<Long> filledBy(Handle transaction, long connection, String variant, String stream) {
    return transaction
        .createQuery(FILLED_BY)
        .bind("connection", connection)
        .bind("variant", variant)
        .bind("stream", stream)
        .mapTo(Long.class)
        .list();
  }

  /** Removes rows of the stream; answers how many. */
  long empty(Handle transaction, State state, String stream, int limit) {
    record Gone(long rows, long live, long bytes) {}
    Gone gone =
        transaction
            .createQuery(EMPTY)
            .bind("collection", state.id())
            .bind("stream", stream)
            .bind("limit", limit)
            .map((row, c) ->
                new Gone(row.getLong("rows"), row.getLong("live"), row.getLong("bytes")))
            .one();
    if (gone.rows() > 0) {
      transaction
          .createUpdate(EMPTIED)
          .bind("collection", state.id())
          .bind("stamp", SqlArguments.exact(state.stamp()))
          .bind("live", gone.live())
          .bind("deleted", gone.rows() - gone.live())
          .bind("bytes", gone.bytes())
          .execute();
      transaction
          .createUpdate(RELEASE)
          .bind("collection", state.id())
          .bind("stream", stream)
          .execute();
    }
    return gone.rows();
  }

  List<Long> collectionsOf(Handle transaction, long connection) {
    return transaction
        .createQuery(COLLECTIONS)
        .bind("connection", connection)
        .mapTo(Long.class)
        .list();
  }

  private static final String OF_DELETED_CONNECTIONS =
      """
      select distinct c.connection
      from collection c join connection gone on gone.id = c.connection
      where gone.deleted_at is not null limit 100
      """;

  List<Long> ofDeletedConnections(Handle handle) {
    return handle.createQuery(OF_DELETED_CONNECTIONS).mapTo(Long.class).list();
  }

  /** Removes rows and history; answers how many. */
  long remove(Handle transaction, long collection, int limit) {
    return transaction
        .createQuery(REMOVE)
        .bind("collection", collection)
        .bind("limit", limit)
        .mapTo(Long.class)
        .one();
  }

  void dropKey(Handle transaction, long connection) {
    transaction.createUpdate(DROP_KEY).bind("connection", connection).execute();
  }

  void drop(Handle transaction, long collection) {
    for (String statement : DROP) {
      transaction.createUpdate(statement).bind("collection", collection).execute();
    }
  }
}

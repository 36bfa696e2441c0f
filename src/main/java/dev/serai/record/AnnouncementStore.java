package dev.serai.record;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Where a collection stands against what was announced of it. */
final class AnnouncementStore {
  private static final String LOCK =
      "select id from collection where id = any(:ids) order by id for update";

  private static final String PENDING =
      """
      select id, model, variant, announced_version, announced_at from collection
      where id = any(:ids) and version > announced_version order by id
      """;

  /**
   * Through the change index: only what is unannounced is read. Nobody is told of changes outside
   * the watched fields.
   */
  static final String CHANGES =
      """
      select count(*) filter (where last_action <> 'd' and added_version > :version) as added,
        count(*) filter (where last_action <> 'd' and added_version <= :version) as updated,
        count(*) filter (where last_action = 'd') as deleted,
        min(last_modified_at) as oldest
      from (
        select last_action, added_version, last_modified_at from record
        where collection = :collection and -collection = -:collection
          and (last_modified_at, version) > (:at, :version) and coalesce(told_version, version) > :version
        order by last_modified_at, version offset 0) x
      """;

  private static final String ANNOUNCE =
      "update collection set announced_version = version, announced_at = last_at where id = :id";

  /** A locked collection with something to tell. */
  record Pending(long collection, String model, String variant, long version, OffsetDateTime at) {}

  record Changes(long added, long updated, long deleted, @Nullable OffsetDateTime oldest) {}

  /** Locks in ascending id, then reads what the lock made final. */
  List<Pending> lock(Handle transaction, SortedSet<Long> collections) {
    transaction
        .createQuery(LOCK)
        .bind("ids", SqlArguments.longs(collections))
        .mapTo(Long.class)
        .list();
    return pending(transaction, collections);
  }

  private static List<Pending> pending(Handle transaction, SortedSet<Long> collections) {
    return transaction
        .createQuery(PENDING)
        .bind("ids", SqlArguments.longs(collections))
        .map((row, context) ->
            new Pending(
                row.getLong("id"),
                row.getString("model"),
                row.getString("variant"),
                row.getLong("announced_version"),
                row.getObject("announced_at", OffsetDateTime.class)))
        .list();
  }

  Changes changes(Handle transaction, Pending since) {
    transaction.execute(ChangeIndex.WALKED);
    Changes changes = counted(transaction, since);
    transaction.execute(ChangeIndex.AS_BEFORE);
    return changes;
  }

  private static Changes counted(Handle transaction, Pending since) {
    return transaction
        .createQuery(CHANGES)
        .bind("collection", since.collection())
        .bind("version", since.version())
        .bind("at", SqlArguments.exact(since.at()))
        .map((row, context) ->
            new Changes(
                row.getLong("added"),
                row.getLong("updated"),
                row.getLong("deleted"),
                row.getObject("oldest", OffsetDateTime.class)))
        .one();
  }

  void announce(Handle transaction, long collection) {
    transaction.createUpdate(ANNOUNCE).bind("id", collection).execute();
  }
}

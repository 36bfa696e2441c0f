package dev.serai.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.database.Database;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;

/** The rows of {@code collection}. Thread-safe. */
final class CollectionStore {
  private static final String FIND =
      """
      select id from collection
      where connection = :connection and model = :model and variant = :variant
      """;

  private static final String CREATE =
      """
      insert into collection (connection, model, variant) values (:connection, :model, :variant)
      on conflict do nothing
      """;

  private static final String LOCK =
      "select id from collection where id = any(:ids) order by id for update";

  private static final String STATES =
      """
      select id, version,
        greatest(clock_timestamp(), max(last_at) over () + interval '1 microsecond') as stamp
      from collection where id = any(:ids) order by id
      """;

  private static final String ADVANCE =
      """
      update collection set version = :version, last_at = :stamp, live = live + :live,
        deleted = deleted + :deleted, bytes = bytes + :bytes
      where id = :id
      """;

  private static final String PROVIDER =
      """
      select i.provider from connection c join integration i on i.id = c.integration
      where c.id = :connection
      """;

  private final Database database;
  private final Cache<CollectionKey, Long> ids = Caffeine.newBuilder().maximumSize(50_000).build();
  private final Cache<Long, Optional<String>> providers =
      Caffeine.newBuilder().maximumSize(50_000).build();

  CollectionStore(Database database) {
    this.database = database;
  }

  /**
   * Where a locked collection stands.
   *
   * @param stamp the one stamp of this transaction, later than every stamp of its collections
   */
  record State(long id, long version, OffsetDateTime stamp) {}

  /** What a transaction adds to a collection's totals. */
  record Growth(long live, long deleted, long bytes) {}

  /** The collection's id; the row is made, in a transaction of its own, when first asked for. */
  long idOf(CollectionKey key) {
    return ids.get(key, this::findOrCreate);
  }

  /** Forgets what may be gone, so that a retry makes the row anew. */
  void forget(long id) {
    ids.asMap().values().removeIf(known -> known == id);
  }

  /** The connection's provider; empty for a connection nobody knows. */
  Optional<String> providerOf(long connection) {
    return providers.get(
        connection,
        id ->
            database.read(handle ->
                handle.createQuery(PROVIDER).bind("connection", id).mapTo(String.class).findOne()));
  }

  /** Locks the rows in ascending id, in a statement of its own: what is read next is current. */
  void lock(Handle transaction, SortedSet<Long> collections) {
    List<Long> locked =
        transaction
            .createQuery(LOCK)
            .bind("ids", SqlArguments.longs(collections))
            .mapTo(Long.class)
            .list();
    for (long id : collections) {
      if (!locked.contains(id)) {
        forget(id);
        throw new CollectionGone(id);
      }
    }
  }

  /** Reads locked rows, by ascending id. */
  List<State> states(Handle transaction, SortedSet<Long> collections) {
    return transaction
        .createQuery(STATES)
        .bind("ids", SqlArguments.longs(collections))
        .map((row, context) ->
            new State(
                row.getLong("id"),
                row.getLong("version"),
                row.getObject("stamp", OffsetDateTime.class)))
        .list();
  }

  void advance(Handle transaction, State to, Growth growth) {
    transaction
        .createUpdate(ADVANCE)
        .bind("id", to.id())
        .bind("version", to.version())
        .bind("stamp", SqlArguments.exact(to.stamp()))
        .bind("live", growth.live())
        .bind("deleted", growth.deleted())
        .bind("bytes", growth.bytes())
        .execute();
  }

  private long findOrCreate(CollectionKey key) {
    return find(key)
        .orElseGet(() -> {
          database.useTransaction(handle -> handle.createUpdate(CREATE).bindMethods(key).execute());
          return find(key).orElseThrow();
        });
  }

  private Optional<Long> find(CollectionKey key) {
    return database.read(
        handle -> handle.createQuery(FIND).bindMethods(key).mapTo(Long.class).findOne());
  }
}

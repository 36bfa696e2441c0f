package dev.serai.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.database.Database;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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

  /**
   * What FOR UPDATE answers is the row as it is once the lock is ours. The window reads every row
   * before the first goes out, so the clock is read when all of them are locked.
   */
  private static final String LOCK =
      """
      with locked as materialized (
        select id, version, writes, last_at from collection where id = any(:ids) order by id for update)
      select id, version, writes,
        greatest(clock_timestamp(), max(last_at) over () + interval '1 microsecond') as stamp
      from locked order by id
      """;

  private static final String ADVANCE =
      """
      update collection set version = :version, last_at = :stamp, writes = writes + 1,
        live = live + :live, deleted = deleted + :deleted, bytes = bytes + :bytes,
        converted = case when cast(:form as text) is null or converted in (:form, '>' || :form) then converted end
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
   * @param writes how many transactions have touched its rows
   * @param stamp the one stamp of this transaction, later than every stamp of its collections
   */
  record State(long id, long version, long writes, OffsetDateTime stamp) {
    State to(long newVersion) {
      return new State(id, newVersion, writes, stamp);
    }
  }

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

  /**
   * Locks the rows in ascending id, in a statement of its own: what is read next is current.
   *
   * @return one state per collection, by ascending id
   */
  List<State> lock(Handle transaction, SortedSet<Long> collections) {
    List<State> locked =
        transaction
            .createQuery(LOCK)
            .bind("ids", SqlArguments.longs(collections))
            .map((row, context) ->
                new State(
                    row.getLong("id"),
                    row.getLong("version"),
                    row.getLong("writes"),
                    row.getObject("stamp", OffsetDateTime.class)))
            .list();
    if (locked.size() < collections.size()) {
      SortedSet<Long> gone = new TreeSet<>(collections);
      locked.forEach(state -> gone.remove(state.id()));
      gone.forEach(this::forget);
      throw new CollectionGone(gone.getFirst());
    }
    return locked;
  }

  /**
   * Moves a collection to where a transaction has brought it.
   *
   * @param form in which payloads were written; null: none were. A collection that was all of
   *     another form no longer is.
   */
  void advance(Handle transaction, State to, Growth growth, @Nullable String form) {
    transaction
        .createUpdate(ADVANCE)
        .bind("form", form)
        .bind("id", to.id())
        .bind("version", to.version())
        .bind("stamp", SqlArguments.exact(to.stamp()))
        .bind("live", growth.live())
        .bind("deleted", growth.deleted())
        .bind("bytes", growth.bytes())
        .execute();
  }

  private static final String TOUCH = "update collection set writes = writes + 1 where id = :id";

  /** Says that rows were written without a new version: look-ups from before no longer hold. */
  void touch(Handle transaction, long id) {
    transaction.createUpdate(TOUCH).bind("id", id).execute();
  }

  private static final String OWNER =
      """
      select c.model, i.provider from collection c
      left join connection k on k.id = c.connection left join integration i on i.id = k.integration
      where c.id = :id
      """;

  /** Whose records a collection holds. */
  record Owner(@Nullable String provider, String model) {}

  /** Asked on the caller's own connection: it may hold the last one of the pool. */
  Owner ownerOf(Handle handle, long id) {
    return handle
        .createQuery(OWNER)
        .bind("id", id)
        .map((row, context) -> new Owner(row.getString("provider"), row.getString("model")))
        .findOne()
        .orElseThrow(() -> new CollectionGone(id));
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

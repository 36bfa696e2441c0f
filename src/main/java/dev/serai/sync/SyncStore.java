package dev.serai.sync;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows that say which connection has which syncs. */
final class SyncStore {
  // The connection is held, so that nobody deletes it or ends its preparation between the look and
  // the insert.
  private static final String CREATE =
      """
      with held as (
        select id, prepare_due_at from connection where id = :connection and deleted_at is null for share
      )
      insert into sync (connection, tenant, provider, name, variant, blocked)
      select id, :tenant, :provider, :name, :variant, prepare_due_at is not null from held
      on conflict (connection, name, variant) do nothing
      """;

  /** False if it is there, or its connection is not. */
  boolean create(
      Handle handle, long connection, String tenant, String provider, SyncControl.Name name) {
    return handle
            .createUpdate(CREATE)
            .bind("connection", connection)
            .bind("tenant", tenant)
            .bind("provider", provider)
            .bind("name", name.name())
            .bind("variant", name.variant())
            .execute()
        > 0;
  }

  // In id order, as whoever triggers or blocks them: in another order the two would deadlock.
  private static final String DELETE =
      """
      with chosen as (
        select s.id from sync s where s.connection = :connection order by s.id for update)
      delete from sync s using chosen where s.id = chosen.id
      """;

  /** A run under way finds its fence gone and stops. */
  void delete(Handle handle, long connection) {
    handle.createUpdate(DELETE).bind("connection", connection).execute();
  }

  private static final String DELETE_VARIANT =
      "delete from sync where connection = :connection and name = :name and variant = :variant";

  boolean deleteVariant(Handle handle, long connection, SyncControl.Name name) {
    return bind(handle.createUpdate(DELETE_VARIANT), connection, name).execute() > 0;
  }

  private static final String COUNT_VARIANTS =
      "select count(*) from sync where connection = :connection and name = :name";

  long variants(Handle handle, long connection, String name) {
    return handle
        .createQuery(COUNT_VARIANTS)
        .bind("connection", connection)
        .bind("name", name)
        .mapTo(Long.class)
        .one();
  }

  private static final String FIND_ID =
      "select uuid from sync where connection = :connection and name = :name and variant = :variant";

  Optional<UUID> find(Handle handle, long connection, SyncControl.Name name) {
    return handle
        .createQuery(FIND_ID)
        .bind("connection", connection)
        .bind("name", name.name())
        .bind("variant", name.variant())
        .mapTo(UUID.class)
        .findOne();
  }

  // In the order of connections, then ids, as everywhere: whoever deletes the connections of an
  // integration goes from one to the next.
  private static final String CHOSEN =
      """
      with chosen as (
        select s.id from sync s
        where s.connection = any(:connections)
          and (cardinality(:names::text[]) = 0 or s.name || '::' || s.variant = any(:names))
        order by s.connection, s.id for update)
      """;

  private static final String TRIGGER =
      CHOSEN
          + """
          update sync s
          set due_at = clock_timestamp(), trigger_requested = s.run is not null,
              full_requested = s.full_requested or :full, empty_requested = s.empty_requested or :empty
          from chosen where s.id = chosen.id
          """;

  int trigger(
      Handle handle, List<Long> connections, List<SyncControl.Name> names, SyncControl.Mode mode) {
    return chosen(handle.createUpdate(TRIGGER), connections, names)
        .bind("full", mode != SyncControl.Mode.INCREMENTAL)
        .bind("empty", mode == SyncControl.Mode.FULL_AND_EMPTY)
        .execute();
  }

  private static final String START =
      CHOSEN
          + """
          update sync s
          set state = case when s.state = 'paused' then 'active' else s.state end, due_at = clock_timestamp(),
              trigger_requested = s.run is not null
          from chosen where s.id = chosen.id
          """;

  int start(Handle handle, List<Long> connections, List<SyncControl.Name> names) {
    return chosen(handle.createUpdate(START), connections, names).execute();
  }

  private static final String PAUSE =
      CHOSEN
          + "update sync s set state = 'paused' from chosen where s.id = chosen.id and s.state = 'active'";

  int pause(Handle handle, List<Long> connections, List<SyncControl.Name> names) {
    return chosen(handle.createUpdate(PAUSE), connections, names).execute();
  }

  private static final String OF_CONNECTION =
      "with chosen as (select s.id from sync s where s.connection = :connection and s.blocked <> :blocked %s order by s.id for update) ";
  private static final String PREPARING =
      "exists (select 1 from connection c where c.id = s.connection and c.prepare_due_at is not null)";
  private static final String SET_BLOCKED =
      OF_CONNECTION + "update sync s set blocked = true from chosen where s.id = chosen.id";
  private static final String BLOCK = SET_BLOCKED.formatted("");

  /** No run begins until it is unblocked; one under way ends by itself. */
  void block(Handle handle, long connection) {
    handle.createUpdate(BLOCK).bind("connection", connection).bind("blocked", true).execute();
  }

  private static final String BLOCK_PREPARING = SET_BLOCKED.formatted("and " + PREPARING);

  /** No run begins before the connection is prepared; nothing happens if it is. */
  void blockPreparing(Handle handle, long connection) {
    handle
        .createUpdate(BLOCK_PREPARING)
        .bind("connection", connection)
        .bind("blocked", true)
        .execute();
  }

  private static final String UNBLOCK =
      OF_CONNECTION.formatted("and not " + PREPARING)
          + """
          update sync s set blocked = false, failures = 0, due_at = clock_timestamp()
          from chosen where s.id = chosen.id
          """;

  /**
   * What was blocked is due at once, what somebody paused stays so; nothing happens while the
   * connection is being prepared. The caller holds the connection.
   */
  void unblock(Handle handle, long connection) {
    handle.createUpdate(UNBLOCK).bind("connection", connection).bind("blocked", false).execute();
  }

  private static final String FREQUENCY =
      """
      update sync set frequency = :frequency,
             due_at = least(due_at, clock_timestamp() + :wait * interval '1 millisecond')
      where connection = :connection and name = :name and variant = :variant
      """;

  /** A shorter frequency takes effect at once, not only after the long wait that is under way. */
  boolean frequency(
      Handle handle,
      long connection,
      SyncControl.Name name,
      @Nullable String frequency,
      long waitMillis) {
    return bind(handle.createUpdate(FREQUENCY), connection, name)
            .bind("frequency", frequency)
            .bind("wait", waitMillis)
            .execute()
        > 0;
  }

  static <S extends org.jdbi.v3.core.statement.SqlStatement<S>> S chosen(
      S statement, List<Long> connections, List<SyncControl.Name> names) {
    return statement
        .bindArray("connections", Long.class, connections.toArray())
        .bindArray(
            "names",
            String.class,
            names.stream().map(n -> n.name() + "::" + n.variant()).toArray());
  }

  private static <S extends org.jdbi.v3.core.statement.SqlStatement<S>> S bind(
      S statement, long connection, SyncControl.Name name) {
    return statement
        .bind("connection", connection)
        .bind("name", name.name())
        .bind("variant", name.variant());
  }
}

package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What a grant's life leaves on its connection, and which grants somebody should look after. */
final class GrantStore {
  private static final String HOLD =
      "select id from connection where id = :connection and deleted_at is null for no key update";

  /**
   * First of every transaction that touches a grant, so that they queue up in one order. False: the
   * connection was deleted.
   */
  boolean hold(Handle transaction, long connection) {
    return transaction
        .createQuery(HOLD)
        .bind("connection", connection)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  private static final String APP =
      "select encode(sha256(coalesce(credentials, ''::bytea)), 'hex') from integration where id = :integration";

  /** Changes whenever the integration's app does. */
  String app(Database database, long integration) {
    return database.read(handle -> app(handle, APP, integration));
  }

  /** Nobody changes the app before the transaction has ended; to be held before a connection is. */
  String holdApp(Handle transaction, long integration) {
    return app(transaction, APP + " for share", integration);
  }

  private static String app(Handle handle, String query, long integration) {
    return handle
        .createQuery(query)
        .bind("integration", integration)
        .mapTo(String.class)
        .findOne()
        .orElse("");
  }

  private static final String WITHOUT_AUTH =
      "(select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(errors) e where e ->> 'type' <> 'auth')";

  private static final String NOTE =
      "update connection set errors = "
          + WITHOUT_AUTH
          + " || jsonb_build_array(jsonb_build_object('type', 'auth', 'log_id', cast(:log as text))) where id = :connection";

  void note(Handle transaction, long connection, UUID log) {
    transaction
        .createUpdate(NOTE)
        .bind("connection", connection)
        .bind("log", log.toString())
        .execute();
  }

  private static final String CONFIGURE =
      """
      update connection set connection_config = connection_config || cast(:config as jsonb)
       where id = :connection and not connection_config @> cast(:config as jsonb)
      """;

  /** Takes over what a token answer told of the configuration. */
  void configure(Handle transaction, long connection, ObjectNode config) {
    if (!config.isEmpty()) {
      transaction
          .createUpdate(CONFIGURE)
          .bind("connection", connection)
          .bind("config", Json.write(config))
          .execute();
    }
  }

  private static final String HEAL =
      """
      update token_refresh
         set fence = fence + 1, lease_until = null, node = null, phase = 'idle', intent_at = null, answer = null,
             grace_until = null, sender = null, doubted = false, answered_at = null,
             state = 'live', code = null, reason = null, failures = 0, retry_at = null,
             renewed = null, refused = false, futile = 0, shortest_ms = null, learning_ms = null, observed = 0
       where connection = :connection
      """;
  private static final String CLEAR =
      "update connection set errors = "
          + WITHOUT_AUTH
          + " where id = :connection and errors @> '[{\"type\": \"auth\"}]'";

  /** As new. An owner that still renews the credentials of before can write nothing any more. */
  void heal(Handle transaction, long connection) {
    transaction.createUpdate(HEAL).bind("connection", connection).execute();
    clear(transaction, connection);
  }

  /** Nothing is said against the connection's grant any more. */
  void clear(Handle transaction, long connection) {
    transaction.createUpdate(CLEAR).bind("connection", connection).execute();
  }

  private static final String MEND =
      """
      update token_refresh set state = 'live', code = null, reason = null, failures = 0, retry_at = null
       where connection = :connection and state in ('live', 'misconfigured')
      """;

  /**
   * It may be tried again. The credentials are the same: whoever renews them now goes on, and what
   * is known or doubted of them stays.
   */
  void mend(Handle transaction, long connection) {
    transaction.createUpdate(MEND).bind("connection", connection).execute();
    clear(transaction, connection);
  }

  // Whoever is held just now is being tried already, or changed.
  private static final String TRY_THE_OTHERS =
      """
      update token_refresh set retry_at = clock_timestamp()
       where connection in (
         select r.connection from token_refresh r join connection c on c.id = r.connection
          where c.integration = :integration and r.state = 'misconfigured' for update of r skip locked)
      """;

  /** An app is accepted after all: its other connections need not wait. */
  void mended(Handle transaction, Connection connection) {
    clear(transaction, connection.id());
    transaction
        .createUpdate(TRY_THE_OTHERS)
        .bind("integration", connection.integration())
        .execute();
  }

  private static final String MENDABLE =
      """
      select connection from token_refresh
       where state = 'misconfigured' and (lease_until is null or lease_until <= clock_timestamp())
         and (retry_at is null or retry_at <= clock_timestamp())
       order by retry_at nulls first limit :limit
      """;

  /** Whose app was not accepted, and is to be tried again: see {@link MendTries}. */
  List<Long> mendable(Database database, int limit) {
    return database.read(
        handle -> handle.createQuery(MENDABLE).bind("limit", limit).mapTo(Long.class).list());
  }

  private static final String CLEAR_SUSPICION =
      """
      update token_refresh set code = null, reason = null, failures = 0, retry_at = null
       where connection = :connection and state = 'live' and code = :code
      """;

  /** What was refused once is taken after all. */
  void clearSuspicion(Database database, long connection, String code) {
    database.useTransaction(handle ->
        handle
            .createUpdate(CLEAR_SUSPICION)
            .bind("connection", connection)
            .bind("code", code)
            .execute());
  }

  private static final String DROP = "delete from token_refresh where connection = :connection";

  void drop(Handle transaction, long connection) {
    transaction.createUpdate(DROP).bind("connection", connection).execute();
  }

  private static final String MISCONFIGURED =
      """
      select c.id from connection c join token_refresh r on r.connection = c.id
       where c.integration = :integration and c.deleted_at is null
         and (r.state = 'misconfigured' or r.failures > 0)
       order by c.id for no key update of c
      """;

  /** Held: those of the integration whose app was not accepted, or who wait for another try. */
  List<Long> holdMisconfigured(Handle transaction, long integration) {
    return transaction
        .createQuery(MISCONFIGURED)
        .bind("integration", integration)
        .mapTo(Long.class)
        .list();
  }

  private static final String FORMER_LIFE =
      """
      update token_refresh set lease_until = clock_timestamp()
       where starts_with(node, :node || '#') and node <> :owner and lease_until > clock_timestamp()
      """;

  /** Ends what earlier processes of this node hold; never a lease of this one. */
  int releaseFormerLife(Database database, RefreshSettings settings) {
    return database.control(handle ->
        handle
            .createUpdate(FORMER_LIFE)
            .bind("node", settings.node())
            .bind("owner", settings.owner())
            .execute());
  }

  private static final String ORPHANS =
      """
      select connection from token_refresh
       where (phase in ('sending', 'answered') or phase = 'doubtful' and grace_until > clock_timestamp())
         and (state = 'live' or state = 'uncertain' and phase = 'answered') and %s
         and (retry_at is null or retry_at <= clock_timestamp() or retry_at > clock_timestamp() + interval '1 hour')
       order by grace_until > clock_timestamp() desc nulls last, grace_until limit :limit
      """
          .formatted(RefreshStore.FREE);

  /**
   * Whose renewal was begun by an owner that is gone, or brought no answer while the provider would
   * still take the old token; first those that it takes for the shortest time.
   */
  List<Long> orphans(Database database, int limit) {
    return database.read(
        handle -> handle.createQuery(ORPHANS).bind("limit", limit).mapTo(Long.class).list());
  }

  private static final String CLAIM =
      """
      with due as (
        select connection from credential where refresh_at <= clock_timestamp()
        order by refresh_at limit :limit for update skip locked
      )
      update credential k set refresh_at = clock_timestamp() + :pause * interval '1 millisecond'
      from due where k.connection = due.connection
      returning k.connection
      """;

  /** Whose turn it is to be looked at; no other node gets them before the pause is over. */
  List<Long> claim(Database database, int limit, Duration pause) {
    return database.inTransaction(handle ->
        new ArrayList<>(
            handle
                .createQuery(CLAIM)
                .bind("limit", limit)
                .bind("pause", pause.toMillis())
                .mapTo(Long.class)
                .list()));
  }

  private static final String SCHEDULE =
      """
      update credential set refresh_at = clock_timestamp() + :wait * interval '1 millisecond'
       where connection = :connection and generation = :generation
      """;

  void schedule(Database database, long connection, long generation, Duration wait) {
    database.useTransaction(handle ->
        handle
            .createUpdate(SCHEDULE)
            .bind("connection", connection)
            .bind("generation", generation)
            .bind("wait", wait.toMillis())
            .execute());
  }

  private static final String COUNT =
      "select state, count(*) as grants from token_refresh where state <> 'live' group by state";

  private record Count(String state, long grants) {}

  /** How many grants are over, by how they stand. */
  Map<GrantState, Long> over(Database database) {
    Map<GrantState, Long> counts = new EnumMap<>(GrantState.class);
    database
        .read(handle ->
            handle
                .createQuery(COUNT)
                .map((row, context) -> new Count(row.getString(1), row.getLong(2)))
                .list())
        .forEach(count ->
            counts.put(GrantState.valueOf(count.state().toUpperCase(Locale.ROOT)), count.grants()));
    return counts;
  }
}

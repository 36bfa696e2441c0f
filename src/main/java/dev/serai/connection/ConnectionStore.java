package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The live connections; a deleted one is not found by anything here. Thread-safe. */
public final class ConnectionStore {
  private final Database database;

  public ConnectionStore(Database database) {
    this.database = database;
  }

  private static final String SELECT =
      """
      select c.id, c.environment, e.name as environment_name, c.integration, i.unique_key, i.provider,
             c.connection_id, c.tenant, c.end_user::text, c.tags::text, c.metadata::text,
             c.connection_config::text, c.webhook_url_override, c.errors::text,
             c.created_at, c.updated_at, c.last_fetched_at
        from connection c
        join integration i on i.id = c.integration
        join environment e on e.id = c.environment
       where c.deleted_at is null
      """;

  private static final String FIND =
      SELECT + " and c.integration = :integration and c.connection_id = :connectionId";

  public Optional<ConnectionDetails> find(long integration, String connectionId) {
    return database.read(handle -> find(handle, integration, connectionId));
  }

  Optional<ConnectionDetails> find(Handle handle, long integration, String connectionId) {
    return handle
        .createQuery(FIND)
        .bind("integration", integration)
        .bind("connectionId", connectionId)
        .map(ConnectionRow::details)
        .findOne();
  }

  private static final String FIND_BY_KEY =
      SELECT
          + """
           and c.environment = :environment and i.unique_key = :key and i.deleted_at is null
           and c.connection_id = :connectionId
          """;

  public Optional<Connection> find(int environment, String providerConfigKey, String connectionId) {
    return database.read(handle ->
        handle
            .createQuery(FIND_BY_KEY)
            .bind("environment", environment)
            .bind("key", providerConfigKey)
            .bind("connectionId", connectionId)
            .map(ConnectionRow::details)
            .findOne()
            .map(ConnectionDetails::connection));
  }

  private static final String FIND_BY_ID = SELECT + " and c.id = :id";

  /** For consumers that work for a connection by its row id; empty if it was deleted meanwhile. */
  public Optional<Connection> find(long id) {
    return database.read(handle -> find(handle, id));
  }

  Optional<Connection> find(Handle handle, long id) {
    return handle
        .createQuery(FIND_BY_ID)
        .bind("id", id)
        .map(ConnectionRow::details)
        .findOne()
        .map(ConnectionDetails::connection);
  }

  private static final String OF_INTEGRATION =
      SELECT + " and c.integration = :integration order by c.id";

  public List<Connection> ofIntegration(long integration) {
    return database.read(handle -> ofIntegration(handle, integration));
  }

  private static final String LOCK_ALL =
      """
      select id from connection
       where integration = :integration and deleted_at is null order by id for no key update
      """;

  /** Locks all connections of an integration in ascending id. */
  List<Connection> lockAll(Handle transaction, long integration) {
    var unused =
        transaction.createQuery(LOCK_ALL).bind("integration", integration).mapTo(Long.class).list();
    return ofIntegration(transaction, integration);
  }

  private static List<Connection> ofIntegration(Handle handle, long integration) {
    return handle
        .createQuery(OF_INTEGRATION)
        .bind("integration", integration)
        .map(ConnectionRow::details)
        .map(ConnectionDetails::connection)
        .list();
  }

  private static final String OF_PROVIDER =
      SELECT + " and i.provider = :provider and c.id > :after order by c.id limit :limit";

  /** A batch of a provider's connections of all environments, ascending by id. */
  public List<Connection> ofProvider(String provider, long after, int limit) {
    return database.read(handle ->
        handle
            .createQuery(OF_PROVIDER)
            .bind("provider", provider)
            .bind("after", after)
            .bind("limit", limit)
            .map(ConnectionRow::details)
            .map(ConnectionDetails::connection)
            .list());
  }

  private static final String LIST =
      SELECT
          + """
             and c.environment = :environment
             and (cast(:connectionId as text) is null or c.connection_id = :connectionId)
             and (cast(:search as text) is null
                  or strpos(lower(c.connection_id || ' ' || coalesce(c.end_user ->> 'display_name', '') || ' '
                                  || coalesce(c.end_user ->> 'email', '')), lower(:search)) > 0)
             and (cast(:endUser as text) is null
                  or coalesce(c.end_user ->> 'id', c.tags ->> 'end_user_id') = :endUser)
             and (cast(:organization as text) is null
                  or coalesce(c.end_user -> 'organization' ->> 'id', c.tags ->> 'organization_id') = :organization)
             and (cast(:integrations as text[]) is null or i.unique_key = any (:integrations))
             and c.tags @> :tags::jsonb
           order by c.created_at desc, c.id desc
           limit :limit offset :offset
          """;

  List<ConnectionDetails> list(int environment, ConnectionFilter filter) {
    return database.read(handle ->
        handle
            .createQuery(LIST)
            .bind("environment", environment)
            .bind("connectionId", filter.connectionId())
            .bind("search", filter.search())
            .bind("endUser", filter.endUserId())
            .bind("organization", filter.organizationId())
            .bind("integrations", array(filter.integrations()))
            .bind("tags", Json.write(filter.tags()))
            .bind("limit", filter.limit())
            .bind("offset", (long) filter.limit() * filter.page())
            .map(ConnectionRow::details)
            .list());
  }

  private static String @Nullable [] array(@Nullable List<String> texts) {
    return texts == null ? null : texts.toArray(String[]::new);
  }

  // Not "for update": a run that writes its sync's row a second time makes PostgreSQL look after
  // that row's foreign key again, and would wait here while we wait for its sync.
  private static final String LOCK =
      """
      select id, connection_id from connection
       where integration = :integration and connection_id = any (:ids) and deleted_at is null
       order by id
         for no key update
      """;

  /** Locks these connections in ascending id; answers which of them are live. */
  Set<String> lock(Handle transaction, long integration, List<String> connectionIds) {
    return transaction
        .createQuery(LOCK)
        .bind("integration", integration)
        .bind("ids", connectionIds.toArray(String[]::new))
        .map((row, context) -> row.getString("connection_id"))
        .set();
  }

  private static final String INSERT =
      """
      insert into connection (environment, integration, connection_id, tenant, end_user, tags, metadata,
                              connection_config, webhook_url_override)
      values (:environment, :integration, :connectionId, :tenant, :endUser::jsonb, :tags::jsonb,
              :metadata::jsonb, :config::jsonb, :override)
      on conflict (integration, connection_id) where deleted_at is null do nothing
      """;

  /** False if another transaction made the same connection meanwhile. */
  boolean insert(Handle transaction, Integration integration, ConnectionState state) {
    return bind(transaction.createUpdate(INSERT), integration.id(), state)
            .bind("environment", integration.environment())
            .execute()
        == 1;
  }

  private static final String UPDATE =
      """
      update connection
         set tenant = :tenant, end_user = :endUser::jsonb, tags = :tags::jsonb, metadata = :metadata::jsonb,
             connection_config = :config::jsonb, webhook_url_override = :override,
             updated_at = clock_timestamp()
       where integration = :integration and connection_id = :connectionId and deleted_at is null
      """;

  void update(Handle transaction, long integration, ConnectionState state) {
    bind(transaction.createUpdate(UPDATE), integration, state).execute();
  }

  private static Update bind(Update update, long integration, ConnectionState state) {
    return update
        .bind("integration", integration)
        .bind("connectionId", state.connectionId())
        .bind("tenant", state.tenant(integration))
        .bind("endUser", text(state.endUser()))
        .bind("tags", Json.write(state.tags()))
        .bind("metadata", text(state.metadata()))
        .bind("config", Json.write(state.config()))
        .bind("override", state.webhookUrlOverride());
  }

  private static @Nullable String text(@Nullable ObjectNode json) {
    return json == null ? null : Json.write(json);
  }

  private static final String FETCHED =
      "update connection set last_fetched_at = clock_timestamp() where id = :id";

  /** Notes that a backend asked for the credentials. */
  void fetched(long id) {
    database.useTransaction(handle -> handle.createUpdate(FETCHED).bind("id", id).execute());
  }

  private static final String CREDENTIAL_TYPE =
      "select type from credential where connection = :id";

  /** The wire name of its auth mode. */
  Optional<String> credentialType(Handle transaction, long id) {
    return transaction.createQuery(CREDENTIAL_TYPE).bind("id", id).mapTo(String.class).findOne();
  }

  private static final String DELETE =
      "update connection set deleted_at = clock_timestamp() where id = :id and deleted_at is null";

  boolean delete(Handle transaction, long id) {
    return transaction.createUpdate(DELETE).bind("id", id).execute() == 1;
  }
}

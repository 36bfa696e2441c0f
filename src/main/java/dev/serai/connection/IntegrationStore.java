package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The integrations of all environments; every look-up names one. Thread-safe. */
public final class IntegrationStore {
  private final Database database;

  public IntegrationStore(Database database) {
    this.database = database;
  }

  /** What an integration is made of; the unique key must be free in the environment. */
  public record Draft(
      String uniqueKey,
      String provider,
      @Nullable String displayName,
      ObjectNode config,
      ObjectNode custom,
      boolean forwardWebhooks) {}

  private static final String COLUMNS =
      "id, environment, unique_key, provider, display_name, config::text, custom::text,"
          + " forward_webhooks, created_at, updated_at";

  private static final String LIST =
      "select "
          + COLUMNS
          + " from integration where environment = :environment and deleted_at is null order by id";

  public List<Integration> list(int environment) {
    return database.read(handle ->
        handle
            .createQuery(LIST)
            .bind("environment", environment)
            .map(IntegrationStore::integration)
            .list());
  }

  private static final String FIND =
      "select "
          + COLUMNS
          + " from integration"
          + " where environment = :environment and unique_key = :key and deleted_at is null";

  public Optional<Integration> find(int environment, String uniqueKey) {
    return database.read(handle -> find(handle, environment, uniqueKey));
  }

  Optional<Integration> find(Handle handle, int environment, String uniqueKey) {
    return handle
        .createQuery(FIND)
        .bind("environment", environment)
        .bind("key", uniqueKey)
        .map(IntegrationStore::integration)
        .findOne();
  }

  private static final String INSERT =
      """
      insert into integration (environment, unique_key, provider, display_name, config, custom, forward_webhooks)
      values (:environment, :key, :provider, :displayName, :config::jsonb, :custom::jsonb, :forward)
      on conflict (environment, unique_key) where deleted_at is null do nothing
      returning %s
      """
          .formatted(COLUMNS);

  /** Empty if the unique key is taken. */
  public Optional<Integration> create(int environment, Draft draft) {
    return database.inTransaction(handle -> create(handle, environment, draft));
  }

  Optional<Integration> create(Handle transaction, int environment, Draft draft) {
    return transaction
        .createQuery(INSERT)
        .bind("environment", environment)
        .bind("key", draft.uniqueKey())
        .bind("provider", draft.provider())
        .bind("displayName", draft.displayName())
        .bind("config", Json.write(draft.config()))
        .bind("custom", Json.write(draft.custom()))
        .bind("forward", draft.forwardWebhooks())
        .map(IntegrationStore::integration)
        .findOne();
  }

  private static final String UPDATE =
      """
      update integration i
         set unique_key = :key, display_name = :displayName, config = :config::jsonb,
             custom = :custom::jsonb, forward_webhooks = :forward, updated_at = clock_timestamp()
       where id = :id and deleted_at is null
         and (unique_key = :key or not exists
               (select 1 from connection where integration = i.id and deleted_at is null))
         and not exists
               (select 1 from integration o
                 where o.environment = i.environment and o.unique_key = :key and o.id <> i.id
                   and o.deleted_at is null)
      returning %s
      """
          .formatted(COLUMNS);

  /** Empty if it is gone, the new unique key is taken, or a rename would orphan connections. */
  public Optional<Integration> update(long id, Draft draft) {
    return database.inTransaction(handle -> update(handle, id, draft));
  }

  Optional<Integration> update(Handle transaction, long id, Draft draft) {
    return transaction
        .createQuery(UPDATE)
        .bind("id", id)
        .bind("key", draft.uniqueKey())
        .bind("displayName", draft.displayName())
        .bind("config", Json.write(draft.config()))
        .bind("custom", Json.write(draft.custom()))
        .bind("forward", draft.forwardWebhooks())
        .map(IntegrationStore::integration)
        .findOne();
  }

  private static final String HAS_CONNECTIONS =
      "select exists (select 1 from connection where integration = :id and deleted_at is null)";

  public boolean hasConnections(long id) {
    return database.read(
        handle -> handle.createQuery(HAS_CONNECTIONS).bind("id", id).mapTo(boolean.class).one());
  }

  private static final String HOLD =
      "select " + COLUMNS + " from integration where id = :id and deleted_at is null for share";

  /** The integration, which nobody renames or deletes until this transaction ends. */
  Optional<Integration> hold(Handle transaction, long id) {
    return transaction
        .createQuery(HOLD)
        .bind("id", id)
        .map(IntegrationStore::integration)
        .findOne();
  }

  private static final String DELETE =
      """
      update integration set deleted_at = clock_timestamp(), credentials = null, webhook_secret = null
       where id = :id and deleted_at is null
      """;

  /**
   * True if it was there; its secrets go at once, its connections are the caller's to delete, in
   * this transaction.
   */
  boolean delete(Handle transaction, long id) {
    return transaction.createUpdate(DELETE).bind("id", id).execute() == 1;
  }

  private static Integration integration(ResultSet row, StatementContext context)
      throws SQLException {
    return new Integration(
        row.getLong("id"),
        row.getInt("environment"),
        row.getString("unique_key"),
        row.getString("provider"),
        row.getString("display_name"),
        (ObjectNode) Json.parse(row.getString("config")),
        (ObjectNode) Json.parse(row.getString("custom")),
        row.getBoolean("forward_webhooks"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}

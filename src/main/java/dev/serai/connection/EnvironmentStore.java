package dev.serai.connection;

import dev.serai.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The environments. Thread-safe. */
public final class EnvironmentStore {
  private final Database database;

  public EnvironmentStore(Database database) {
    this.database = database;
  }

  private static final String COLUMNS =
      "id, uuid, name, public_key, primary_url, secondary_url, always_announce, announce_failures";

  private static final String FIND_BY_NAME =
      "select " + COLUMNS + " from environment where name = :name";

  public Optional<Environment> find(String name) {
    return database.read(handle ->
        handle
            .createQuery(FIND_BY_NAME)
            .bind("name", name)
            .map(EnvironmentStore::environment)
            .findOne());
  }

  private static final String GET = "select " + COLUMNS + " from environment where id = :id";

  public Environment get(int id) {
    return database.read(
        handle -> handle.createQuery(GET).bind("id", id).map(EnvironmentStore::environment).one());
  }

  private static final String INSERT =
      """
      insert into environment (uuid, name, webhook_signing_key) values (:uuid, :name, :key)
      on conflict (name) do nothing
      """;

  /**
   * The environment of this name, made if there is none.
   *
   * @param sealedSigningKey seals the webhook signing key for the environment of this uuid; only
   *     asked when it is made
   */
  public Environment ensure(String name, Function<UUID, byte[]> sealedSigningKey) {
    return find(name)
        .orElseGet(() -> {
          UUID uuid = UUID.randomUUID();
          byte[] sealed = sealedSigningKey.apply(uuid);
          database.useTransaction(handle ->
              handle
                  .createUpdate(INSERT)
                  .bind("uuid", uuid)
                  .bind("name", name)
                  .bind("key", sealed)
                  .execute());
          return find(name).orElseThrow();
        });
  }

  private static final String SET_ENDPOINTS =
      "update environment set primary_url = :primary, secondary_url = :secondary where id = :id";

  /** Sets where webhooks go from now on; null: nowhere. */
  public void setEndpoints(int id, @Nullable String primary, @Nullable String secondary) {
    database.useTransaction(handle ->
        handle
            .createUpdate(SET_ENDPOINTS)
            .bind("id", id)
            .bind("primary", primary)
            .bind("secondary", secondary)
            .execute());
  }

  /** Which webhooks about grants an environment wants; overrides are always told. */
  public record AuthWishes(boolean creation, boolean refreshError) {}

  private static final String AUTH_WISHES =
      "select announce_auth_creation, announce_refresh_error from environment where id = :id";

  public AuthWishes authWishes(int id) {
    return database.read(handle -> authWishes(handle, id));
  }

  AuthWishes authWishes(Handle handle, int id) {
    return handle
        .createQuery(AUTH_WISHES)
        .bind("id", id)
        .map((row, context) -> new AuthWishes(row.getBoolean(1), row.getBoolean(2)))
        .one();
  }

  private static final String SET_AUTH_WISHES =
      """
      update environment set announce_auth_creation = :creation, announce_refresh_error = :refreshError
       where id = :id
      """;

  public void setAuthWishes(int id, AuthWishes wishes) {
    database.useTransaction(handle ->
        handle
            .createUpdate(SET_AUTH_WISHES)
            .bind("id", id)
            .bind("creation", wishes.creation())
            .bind("refreshError", wishes.refreshError())
            .execute());
  }

  private static Environment environment(ResultSet row, StatementContext context)
      throws SQLException {
    return new Environment(
        row.getInt("id"),
        row.getObject("uuid", UUID.class),
        row.getString("name"),
        row.getObject("public_key", UUID.class),
        row.getString("primary_url"),
        row.getString("secondary_url"),
        row.getBoolean("always_announce"),
        row.getBoolean("announce_failures"));
  }
}

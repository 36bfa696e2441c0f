package dev.serai.connection;

import dev.serai.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The environments' sealed signing keys. Thread-safe. */
final class WebhookKeyStore {
  private final Database database;

  WebhookKeyStore(Database database) {
    this.database = database;
  }

  /**
   * @param environment the identity they are sealed for
   * @param replaced null: none signs any more
   */
  record Sealed(UUID environment, byte[] current, byte @Nullable [] replaced) {}

  private static final String FIND =
      """
      select uuid, webhook_signing_key,
             case when previous_signs_until > clock_timestamp() then previous_signing_key end
        from environment where id = :id
      """;

  Sealed find(int environment) {
    return database.read(handle -> one(handle, FIND, environment));
  }

  /** As {@link #find}; nobody else changes them until the transaction ends. */
  Sealed locked(Handle transaction, int environment) {
    return one(transaction, FIND + " for update", environment);
  }

  private static Sealed one(Handle handle, String query, int environment) {
    return handle.createQuery(query).bind("id", environment).map(WebhookKeyStore::sealed).one();
  }

  private static Sealed sealed(ResultSet row, StatementContext context) throws SQLException {
    return new Sealed(row.getObject(1, UUID.class), row.getBytes(2), row.getBytes(3));
  }

  private static final String REPLACE =
      """
      update environment
         set webhook_signing_key = :key, previous_signing_key = :replaced,
             previous_signs_until =
               case when cast(:replaced as bytea) is not null
                    then clock_timestamp() + :seconds * interval '1 second' end
       where id = :id
      """;

  void replace(
      Handle transaction, int environment, byte[] key, byte @Nullable [] replaced, long seconds) {
    transaction
        .createUpdate(REPLACE)
        .bind("id", environment)
        .bind("key", key)
        .bindBySqlType("replaced", replaced, Types.BINARY)
        .bind("seconds", seconds)
        .execute();
  }
}

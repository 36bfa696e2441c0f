package dev.serai.inbox;

import dev.serai.database.Database;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of webhook addresses of single connections. Thread-safe. */
final class AddressStore {
  private final Database database;

  AddressStore(Database database) {
    this.database = database;
  }

  /**
   * An address that a provider was given; {@code sealed} is null until it handed its secret over.
   */
  record Row(long id, UUID uuid, long connection, byte @Nullable [] sealed) {}

  private static final String MAKE =
      "insert into webhook_address (uuid, connection, ticket) values (:uuid, :connection, :ticket)";

  void make(UUID uuid, long connection, byte[] ticket) {
    database.useTransaction(handle ->
        handle
            .createUpdate(MAKE)
            .bind("uuid", uuid)
            .bind("connection", connection)
            .bind("ticket", ticket)
            .execute());
  }

  private static final String FIND =
      """
      select a.id, a.uuid, a.connection, a.secret
        from webhook_address a join connection c on c.id = a.connection
       where a.ticket = :ticket and c.integration = :integration and c.deleted_at is null
      """;

  /** Of a live connection of this integration. */
  Optional<Row> find(long integration, byte[] ticket) {
    return database.read(handle ->
        handle
            .createQuery(FIND)
            .bind("ticket", ticket)
            .bind("integration", integration)
            .map((row, context) ->
                new Row(
                    row.getLong("id"),
                    row.getObject("uuid", UUID.class),
                    row.getLong("connection"),
                    row.getBytes("secret")))
            .findOne());
  }

  private static final String KEEP =
      """
      update webhook_address set secret = :sealed, taken_at = clock_timestamp()
       where id = :id and secret is null
      """;

  /** False if a secret is there already: it stays. */
  boolean keep(long id, byte[] sealed) {
    return database.inTransaction(
        handle -> handle.createUpdate(KEEP).bind("id", id).bind("sealed", sealed).execute() == 1);
  }
}

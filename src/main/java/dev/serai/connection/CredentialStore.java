package dev.serai.connection;

import dev.serai.database.Database;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The sealed credentials; nothing here can open them. Thread-safe. */
final class CredentialStore {
  private final Database database;

  CredentialStore(Database database) {
    this.database = database;
  }

  private static final String FIND =
      """
      select k.sealed, k.generation
        from credential k join connection c on c.id = k.connection
       where k.connection = :connection and c.deleted_at is null
      """;

  record Sealed(byte[] sealed, long generation) {}

  Optional<Sealed> find(long connection) {
    return database.read(handle ->
        handle
            .createQuery(FIND)
            .bind("connection", connection)
            .map((row, context) -> new Sealed(row.getBytes("sealed"), row.getLong("generation")))
            .findOne());
  }

  private static final String PUT =
      """
      insert into credential (connection, type, sealed) values (:connection, :type, :sealed)
      on conflict (connection)
      do update set type = excluded.type, sealed = excluded.sealed,
                    generation = credential.generation + 1, updated_at = clock_timestamp()
      """;

  void put(Handle transaction, long connection, String type, byte[] sealed) {
    transaction
        .createUpdate(PUT)
        .bind("connection", connection)
        .bind("type", type)
        .bind("sealed", sealed)
        .execute();
  }

  private static final String DROP = "delete from credential where connection = :connection";

  void drop(Handle transaction, long connection) {
    transaction.createUpdate(DROP).bind("connection", connection).execute();
  }
}

package dev.serai.connection;

import dev.serai.database.Database;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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
    return database.read(handle -> find(handle, connection));
  }

  Optional<Sealed> find(Handle handle, long connection) {
    return handle
        .createQuery(FIND)
        .bind("connection", connection)
        .map((row, context) -> new Sealed(row.getBytes("sealed"), row.getLong("generation")))
        .findOne();
  }

  private static final String RESEAL =
      "update credential set sealed = :sealed where connection = :connection and sealed = :old";

  /** Of the same generation. False: somebody sealed it anew meanwhile, and nothing was written. */
  boolean reseal(Handle transaction, long connection, byte[] old, byte[] sealed) {
    return transaction
            .createUpdate(RESEAL)
            .bind("connection", connection)
            .bind("old", old)
            .bind("sealed", sealed)
            .execute()
        == 1;
  }

  private static final String PUT =
      """
      insert into credential (connection, type, sealed, ends_at)
      values (:connection, :type, :sealed, clock_timestamp() + cast(:left as bigint) * interval '1 millisecond')
      on conflict (connection)
      do update set type = excluded.type, sealed = excluded.sealed, ends_at = excluded.ends_at,
                    generation = credential.generation + 1, updated_at = clock_timestamp(),
                    refresh_at = clock_timestamp()
      """;

  /**
   * @param left what is left of the token's life; null: nobody said
   */
  void put(
      Handle transaction, long connection, String type, byte[] sealed, @Nullable Duration left) {
    transaction
        .createUpdate(PUT)
        .bind("connection", connection)
        .bind("type", type)
        .bind("sealed", sealed)
        .bind("left", left == null ? null : left.toMillis())
        .execute();
  }

  private static final String RENEW =
      """
      update credential
         set type = :type, sealed = :sealed,
             ends_at = clock_timestamp() + cast(:left as bigint) * interval '1 millisecond',
             generation = generation + 1, updated_at = clock_timestamp(), refresh_at = clock_timestamp()
       where connection = :connection and generation = :generation
      """;

  /** False: they were changed meanwhile, and nothing was written. */
  boolean renew(
      Handle transaction,
      long connection,
      long generation,
      String type,
      byte[] sealed,
      @Nullable Duration left) {
    return transaction
            .createUpdate(RENEW)
            .bind("connection", connection)
            .bind("generation", generation)
            .bind("type", type)
            .bind("sealed", sealed)
            .bind("left", left == null ? null : left.toMillis())
            .execute()
        == 1;
  }

  private static final String DROP = "delete from credential where connection = :connection";

  void drop(Handle transaction, long connection) {
    transaction.createUpdate(DROP).bind("connection", connection).execute();
  }
}

package dev.serai.connection;

import dev.serai.database.Database;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The sealed data keys; nothing here can open them. Thread-safe. */
final class DataKeyStore {
  private static final RowMapper<Sealed> ROW =
      (row, context) ->
          new Sealed(row.getLong("id"), row.getLong("connection"), row.getBytes("sealed"));

  private final Database database;

  DataKeyStore(Database database) {
    this.database = database;
  }

  record Sealed(long id, long connection, byte[] sealed) {}

  private static final String OF_CONNECTION =
      "select id, connection, sealed from data_key where connection = :connection";

  Optional<Sealed> ofConnection(long connection) {
    return database.read(handle ->
        handle.createQuery(OF_CONNECTION).bind("connection", connection).map(ROW).findOne());
  }

  private static final String FIND = "select id, connection, sealed from data_key where id = :id";

  /**
   * On the small pool: a page commit that meets a row of another key asks while it holds one of the
   * large pool's connections, and would wait for itself there.
   */
  Optional<Sealed> find(long id) {
    return database.control(handle -> handle.createQuery(FIND).bind("id", id).map(ROW).findOne());
  }

  /** The lock waits for a deletion under way, and then sees it. */
  private static final String CREATE =
      """
      insert into data_key (connection, sealed)
      select id, :sealed from connection where id = :connection and deleted_at is null for share
      on conflict do nothing
      """;

  /** Makes the key of a live connection, unless it is there. */
  void create(long connection, byte[] sealed) {
    database.useTransaction(handle ->
        handle
            .createUpdate(CREATE)
            .bind("connection", connection)
            .bind("sealed", sealed)
            .execute());
  }

  private static final String DROP =
      "delete from data_key where connection = :connection returning id";

  /** Answers the id of the key that is gone now. */
  Optional<Long> drop(Handle transaction, long connection) {
    return transaction.createQuery(DROP).bind("connection", connection).mapTo(Long.class).findOne();
  }
}

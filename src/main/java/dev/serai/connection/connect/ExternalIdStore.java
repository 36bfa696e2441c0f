package dev.serai.connection.connect;

import dev.serai.database.Database;
import java.util.Optional;

/** What external IDs are made of, and whose connections are. Thread-safe. */
final class ExternalIdStore {
  private final Database database;

  ExternalIdStore(Database database) {
    this.database = database;
  }

  private static final String SEED =
      "select external_id_seed::text from environment where id = :environment";

  String seed(int environment) {
    return database.read(handle ->
        handle.createQuery(SEED).bind("environment", environment).mapTo(String.class).one());
  }

  private static final String END_USER =
      "select end_user->>'id' from connection where id = :id and deleted_at is null";

  Optional<String> endUser(long connection) {
    return database.read(handle ->
        handle.createQuery(END_USER).bind("id", connection).mapTo(String.class).findOne());
  }
}

package dev.serai.secrets;

import dev.serai.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * A sealed value where it stands, and the way Serai opens it there.
 *
 * @param key the condition that finds its row
 */
record Place(
    String purpose, String row, String table, String column, String key, Runnable opening) {
  byte[] stored(Database database) {
    return database.read(h ->
        h.createQuery("select %s from %s where %s".formatted(column, table, key))
            .mapTo(byte[].class)
            .one());
  }

  void store(Database database, byte @Nullable [] sealed) {
    database.useTransaction(h ->
        h.createUpdate("update %s set %s = :sealed where %s".formatted(table, column, key))
            .bind("sealed", sealed)
            .execute());
  }
}

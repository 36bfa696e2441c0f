package dev.serai.connection.connect;

import dev.serai.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The environments' settings for pages, their secret sealed. Thread-safe. */
final class FrontDoorStore {
  private final Database database;

  FrontDoorStore(Database database) {
    this.database = database;
  }

  record Row(
      int id,
      UUID uuid,
      String name,
      UUID publicKey,
      byte @Nullable [] hmacKey,
      boolean hmacEnabled,
      @Nullable String callbackUrl) {}

  private static final String FIND =
      """
      select id, uuid, name, public_key, hmac_key, hmac_enabled, callback_url
        from environment
       where (cast(:id as int) is null or id = cast(:id as int))
         and (cast(:key as uuid) is null or public_key = cast(:key as uuid))
      """;

  Optional<Row> find(@Nullable Integer id, @Nullable UUID publicKey) {
    if (id == null && publicKey == null) {
      return Optional.empty();
    }
    return database.read(handle ->
        handle
            .createQuery(FIND)
            .bind("id", id)
            .bind("key", publicKey == null ? null : publicKey.toString())
            .map((row, context) -> row(row))
            .findOne());
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getInt("id"),
        row.getObject("uuid", UUID.class),
        row.getString("name"),
        row.getObject("public_key", UUID.class),
        row.getBytes("hmac_key"),
        row.getBoolean("hmac_enabled"),
        row.getString("callback_url"));
  }

  private static final String LOCK =
      """
      select id, uuid, name, public_key, hmac_key, hmac_enabled, callback_url
        from environment
       where id = :id
         for no key update
      """;

  Row lock(Handle transaction, int id) {
    return transaction.createQuery(LOCK).bind("id", id).map((row, context) -> row(row)).one();
  }

  private static final String UPDATE =
      """
      update environment
         set hmac_key = :key, hmac_enabled = :enabled, callback_url = :callback
       where id = :id
      """;

  void update(
      Handle transaction,
      int id,
      byte @Nullable [] key,
      boolean enabled,
      @Nullable String callbackUrl) {
    transaction
        .createUpdate(UPDATE)
        .bind("id", id)
        .bind("key", key)
        .bind("enabled", enabled)
        .bind("callback", callbackUrl)
        .execute();
  }
}

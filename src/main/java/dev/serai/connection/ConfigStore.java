package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Finds values in the open configuration of connections, and takes them out of it. Thread-safe. */
final class ConfigStore {
  private final Database database;

  ConfigStore(Database database) {
    this.database = database;
  }

  private static final String EXPOSING =
      """
      select c.id
        from connection c join integration i on i.id = c.integration
       where i.provider = :provider and c.deleted_at is null and c.id > :after
         and jsonb_exists_any(c.connection_config, :fields)
       order by c.id
       limit :limit
      """;

  /** A batch of live connections that have one of these fields in the open, ascending by id. */
  List<Long> exposing(String provider, Set<String> fields, long after, int limit) {
    return database.read(handle ->
        handle
            .createQuery(EXPOSING)
            .bind("provider", provider)
            .bind("after", after)
            .bind("fields", fields.toArray(String[]::new))
            .bind("limit", limit)
            .mapTo(Long.class)
            .list());
  }

  private static final String HOLD =
      "select connection_config::text from connection where id = :id and deleted_at is null for no key update";

  /** The open configuration, locked; empty if the connection was deleted meanwhile. */
  Optional<ObjectNode> hold(Handle transaction, long id) {
    return transaction
        .createQuery(HOLD)
        .bind("id", id)
        .mapTo(String.class)
        .findOne()
        .map(text -> (ObjectNode) Json.parse(text));
  }

  private static final String TAKE_OUT =
      "update connection set connection_config = connection_config - :fields where id = :id";

  void takeOut(Handle transaction, long id, Set<String> fields) {
    transaction
        .createUpdate(TAKE_OUT)
        .bind("id", id)
        .bind("fields", fields.toArray(String[]::new))
        .execute();
  }

  private static final String TAKE_OUT_OF_DELETED =
      """
      update connection c set connection_config = c.connection_config - :fields
        from integration i
       where i.id = c.integration and i.provider = :provider and c.deleted_at is not null
         and jsonb_exists_any(c.connection_config, :fields)
      """;

  /** Nobody needs them there any more. */
  void takeOutOfDeleted(String provider, Set<String> fields) {
    database.useTransaction(handle ->
        handle
            .createUpdate(TAKE_OUT_OF_DELETED)
            .bind("provider", provider)
            .bind("fields", fields.toArray(String[]::new))
            .execute());
  }
}

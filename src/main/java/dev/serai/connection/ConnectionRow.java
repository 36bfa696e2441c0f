package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** One row of a connection with the names of its integration and environment. */
final class ConnectionRow {
  private ConnectionRow() {}

  static ConnectionDetails details(ResultSet row, StatementContext context) throws SQLException {
    ObjectNode metadata = object(row.getString("metadata"));
    Connection connection =
        new Connection(
            row.getLong("id"),
            row.getInt("environment"),
            row.getString("environment_name"),
            row.getLong("integration"),
            row.getString("unique_key"),
            row.getString("provider"),
            row.getString("connection_id"),
            row.getString("tenant"),
            (ObjectNode) Json.parse(row.getString("connection_config")),
            metadata,
            row.getString("webhook_url_override"));
    return new ConnectionDetails(
        connection,
        object(row.getString("end_user")),
        (ObjectNode) Json.parse(row.getString("tags")),
        (ArrayNode) Json.parse(row.getString("errors")),
        row.getObject("created_at", OffsetDateTime.class),
        row.getObject("updated_at", OffsetDateTime.class),
        row.getObject("last_fetched_at", OffsetDateTime.class));
  }

  private static @Nullable ObjectNode object(@Nullable String text) {
    return text == null ? null : (ObjectNode) Json.parse(text);
  }
}

package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may change about a connection, as it is to stand in its row. */
record ConnectionState(
    String connectionId,
    @Nullable ObjectNode endUser,
    ObjectNode tags,
    @Nullable ObjectNode metadata,
    ObjectNode config,
    @Nullable String webhookUrlOverride) {

  /** Nothing is known yet. */
  static ConnectionState empty(String connectionId) {
    return new ConnectionState(connectionId, null, Json.object(), null, Json.object(), null);
  }

  static ConnectionState of(ConnectionDetails details) {
    Connection connection = details.connection();
    return new ConnectionState(
        connection.connectionId(),
        details.endUser(),
        details.tags(),
        connection.metadata(),
        connection.config(),
        connection.webhookUrlOverride());
  }

  /** The fairness group: the end user's organisation, else the end user, else the connection. */
  String tenant(long integration) {
    JsonNode user = endUser == null ? Json.object() : endUser;
    return text(user.path("organization").path("id"))
        .or(() -> text(tags.path("organization_id")))
        .map(id -> "organization " + id)
        .or(() ->
            text(user.path("id")).or(() -> text(tags.path("end_user_id"))).map(id -> "user " + id))
        .orElse("connection " + integration + "/" + connectionId);
  }

  private static Optional<String> text(JsonNode value) {
    return Optional.ofNullable(value.textValue());
  }
}

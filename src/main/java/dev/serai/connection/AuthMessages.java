package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.outbox.OutgoingMessage;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks about grants, written in the transaction of what they tell of: contract §3, type {@code
 * auth}. Creations and ends are told if the environment wishes it, overrides always. Thread-safe.
 */
public final class AuthMessages implements ConnectionListener {
  /** The member that holds a link with a token: bodies with it are secret. */
  public static final String RECONNECT_LINK = "reconnectLink";

  private final ConnectionStore connections;
  private final EnvironmentStore environments;
  private final Outbox outbox;
  private final ReconnectLinks links;

  public AuthMessages(Database database, Outbox outbox, ReconnectLinks links) {
    this.connections = new ConnectionStore(database);
    this.environments = new EnvironmentStore(database);
    this.outbox = outbox;
    this.links = links;
  }

  @Override
  public void created(Handle transaction, Connection connection) {
    if (environments.authWishes(transaction, connection.environment()).creation()) {
      write(
          transaction, connection, body(transaction, connection, "creation").put("success", true));
    }
  }

  @Override
  public void overridden(Handle transaction, Connection connection) {
    write(transaction, connection, body(transaction, connection, "override").put("success", true));
  }

  /** As a connection that could not be made; it is there, and may still begin to work. */
  @Override
  public void unprepared(Handle transaction, Connection connection, String why) {
    if (environments.authWishes(transaction, connection.environment()).creation()) {
      ObjectNode body = body(transaction, connection, "creation").put("success", false);
      body.putObject("error").put("type", "connection_not_prepared").put("description", why);
      write(transaction, connection, body);
    }
  }

  @Override
  public void preparedAtLast(Handle transaction, Connection connection) {
    created(transaction, connection);
  }

  @Override
  public void deleted(Handle transaction, Connection connection) {}

  /**
   * No renewal will be tried any more.
   *
   * @param type stable, e.g. {@code refresh_token_revoked}
   * @param reason in plain words
   */
  void over(Handle transaction, Connection connection, String type, String reason) {
    if (!environments.authWishes(transaction, connection.environment()).refreshError()) {
      return;
    }
    ObjectNode body = body(transaction, connection, "refresh").put("success", false);
    body.putObject("error").put("type", type).put("description", reason);
    links.link(transaction, connection).ifPresent(link -> body.put(RECONNECT_LINK, link));
    write(transaction, connection, body);
  }

  private void write(Handle transaction, Connection connection, ObjectNode body) {
    outbox.write(
        transaction,
        new OutgoingMessage(
            connection.environment(),
            connection.id(),
            "auth",
            body,
            connection.webhookUrlOverride()));
  }

  private ObjectNode body(Handle transaction, Connection connection, String operation) {
    Optional<ConnectionDetails> details =
        connections.find(transaction, connection.integration(), connection.connectionId());
    ObjectNode body =
        Json.object()
            .put("from", "nango") // the wire contract's value: published SDKs look for it
            .put("type", "auth")
            .put("connectionId", connection.connectionId())
            .put("providerConfigKey", connection.providerConfigKey())
            .put("authMode", authMode(transaction, connection))
            .put("provider", connection.provider())
            .put("environment", connection.environmentName())
            .put("operation", operation);
    body.set("tags", details.map(ConnectionDetails::tags).orElseGet(Json::object));
    details.map(ConnectionDetails::endUser).ifPresent(user -> body.set("endUser", endUser(user)));
    return body;
  }

  private String authMode(Handle transaction, Connection connection) {
    return connections.credentialType(transaction, connection.id()).orElse("NONE");
  }

  private static ObjectNode endUser(ObjectNode user) {
    ObjectNode told = Json.object().put("endUserId", user.path("id").asText());
    present(told, "endUserEmail", user.path("email"));
    present(told, "organizationId", user.path("organization").path("id"));
    told.set("tags", user.get("tags") instanceof ObjectNode tags ? tags : Json.object());
    return told;
  }

  private static void present(ObjectNode into, String key, @Nullable JsonNode value) {
    if (value != null && value.isTextual()) {
      into.set(key, value);
    }
  }
}

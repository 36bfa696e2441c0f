package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionDetails;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;

/** Connections as the wire writes them. */
final class ConnectionJson {
  private ConnectionJson() {}

  /** An entry of a list. */
  static ObjectNode entry(ConnectionDetails details) {
    ObjectNode json = common(details);
    json.set("metadata", details.connection().metadata());
    return json.put("created", Stamps.database(details.createdAt()));
  }

  /**
   * The whole connection.
   *
   * @param hidden fields of the configuration that are secret now, though they may stand in the
   *     open still
   */
  static ObjectNode full(
      ConnectionDetails details,
      Set<String> hidden,
      ObjectNode credentials,
      Function<Instant, String> stamp) {
    Connection connection = details.connection();
    ObjectNode json = common(details);
    json.set("metadata", connection.metadata());
    json.set("connection_config", connection.config().deepCopy().remove(hidden));
    json.put("webhook_url_override", connection.webhookUrlOverride());
    json.put("created_at", stamp.apply(details.createdAt().toInstant()));
    json.put("updated_at", stamp.apply(details.updatedAt().toInstant()));
    var fetched = details.lastFetchedAt();
    json.put("last_fetched_at", fetched == null ? null : stamp.apply(fetched.toInstant()));
    json.set("credentials", credentials);
    return json;
  }

  private static ObjectNode common(ConnectionDetails details) {
    Connection connection = details.connection();
    ObjectNode json =
        Json.object()
            .put("id", connection.id())
            .put("connection_id", connection.connectionId())
            .put("provider_config_key", connection.providerConfigKey())
            .put("provider", connection.provider());
    json.set("errors", details.errors());
    json.set("end_user", details.endUser());
    json.set("tags", details.tags());
    return json;
  }
}

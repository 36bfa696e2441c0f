package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.Connections;
import dev.serai.connection.Credentials;
import dev.serai.connection.Integration;
import dev.serai.provider.AppAddresses;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import dev.serai.provider.Provider.ConfigField;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the integration's own app prove itself only where its developer wants it to. A customer who
 * could say where would get the app's secret, and with it everybody's grants. Thread-safe.
 */
final class OwnApp {
  private final Connections connections;

  OwnApp(Connections connections) {
    this.connections = connections;
  }

  /**
   * @param config what the app's addresses would be filled from
   * @param own the customer brought an app of his own
   * @param told fields that the provider's own answer told, and nobody's browser
   * @throws ConnectRefused naming the field that the customer may not choose
   */
  void check(
      Attempt attempt,
      Integration integration,
      Provider provider,
      Auth way,
      ObjectNode config,
      boolean own,
      Set<String> told) {
    Set<String> fields = AppAddresses.fields(provider, way, own);
    if (fields.isEmpty()) {
      return;
    }
    ObjectNode settled = attempt.terms().config(attempt.key());
    ObjectNode there = there(attempt, integration);
    for (String field : fields) {
      String value = config.path(field).asText("");
      ConfigField declared = provider.config().get(field);
      boolean vouched =
          value.isEmpty()
              || told.contains(field)
              || value.equals(settled.path(field).asText(""))
              || value.equals(there.path(field).asText(""))
              || (declared != null && value.equals(declared.defaultValue()));
      if (!vouched) {
        throw new ConnectRefused(
            "connection_validation_failed",
            ("%s decides where the app of the integration %s proves itself, so a customer does not"
                    + " choose it: let the session say it"
                    + " (integrations_config_defaults.%s.connection_config.%s), or bring an app of"
                    + " your own (oauth_client_id_override and oauth_client_secret_override)")
                .formatted(title(field, declared), attempt.key(), attempt.key(), field));
      }
    }
  }

  private static String title(
      String field, @org.jspecify.annotations.Nullable ConfigField declared) {
    return declared == null || declared.title().isEmpty() ? field : declared.title();
  }

  /** The configuration of the connection that is there, if the app has proved itself by it. */
  private ObjectNode there(Attempt attempt, Integration integration) {
    Optional<Connection> there =
        attempt.right().override()
            ? connections
                .find(integration, attempt.connectionId())
                .map(ConnectionDetails::connection)
            : Optional.empty();
    return there
        .filter(known -> proves(connections.stored(known).credentials()))
        .map(Connection::config)
        .orElseGet(Json::object);
  }

  /**
   * Whether the integration's app stands behind these. Not behind what somebody entered, nor what
   * his own app got: that he did where he chose to.
   */
  static boolean proves(Credentials credentials) {
    return switch (credentials) {
      case Credentials.OAuth2 token -> token.clientId() == null;
      case Credentials.OAuth1 token -> token.clientId() == null;
      case Credentials.Tba token -> token.clientId() == null;
      case Credentials.AppInstallation app -> true;
      case Credentials.AwsRole role -> true;
      case Credentials.TwoStep steps -> true;
      case Credentials.None none -> false;
      case Credentials.ApiKey key -> false;
      case Credentials.Basic basic -> false;
      case Credentials.OAuth2Client client -> false;
      case Credentials.Jwt jwt -> false;
      case Credentials.Signature signature -> false;
    };
  }
}

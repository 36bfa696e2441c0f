package dev.serai.api;

import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.Connections;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import java.util.Optional;

/** Finds what a request names, in the caller's environment and nowhere else. Thread-safe. */
public final class Targets {
  private final IntegrationStore integrations;
  private final Connections connections;

  public Targets(IntegrationStore integrations, Connections connections) {
    this.integrations = integrations;
    this.connections = connections;
  }

  Optional<Integration> find(Caller caller, String uniqueKey) {
    return integrations.find(caller.environment(), uniqueKey);
  }

  Optional<ConnectionDetails> find(Integration integration, String connectionId) {
    return connections.find(integration, connectionId);
  }

  /** 400 {@code unknown_provider_config} if there is none. */
  Integration integration(Caller caller, String uniqueKey) {
    return find(caller, uniqueKey).orElseThrow(ApiError::unknownIntegration);
  }

  /** 404 {@code not_found} if there is none. */
  ConnectionDetails connection(Integration integration, String connectionId) {
    return connections
        .find(integration, connectionId)
        .orElseThrow(() -> ApiError.notFound("Failed to find connection"));
  }

  /** The connection that the headers name, as records and actions want it. */
  Connection fromHeaders(ApiRequest request, Caller caller) {
    Fields headers = Fields.headers(request, "Connection-Id", "Provider-Config-Key");
    String connectionId = headers.text("connection-id", TextRule.CONNECTION);
    String key = headers.text("provider-config-key", TextRule.INTEGRATION);
    headers.check();
    return connections
        .find(caller.environment(), key, connectionId)
        .orElseThrow(Targets::unknownConnection);
  }

  static ApiError unknownConnection() {
    return ApiError.of(
        400,
        "unknown_connection",
        "Provided ConnectionId and ProviderConfigKey does not match a valid connection");
  }
}

package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connections;
import dev.serai.connection.Connections.MetadataMode;
import dev.serai.connection.Integration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /connections/metadata}: the caller's own notes, of one connection or of many at once. */
public final class MetadataApi implements Resource {
  private static final int MOST_AT_ONCE = 10_000;

  private final Targets targets;
  private final Connections connections;

  public MetadataApi(Targets targets, Connections connections) {
    this.targets = targets;
    this.connections = connections;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "setMetadata",
            Scope.CONNECTIONS_UPDATE,
            (request, caller) -> write(request, caller, MetadataMode.REPLACE, 201)),
        new Endpoint(
            "updateMetadata",
            Scope.CONNECTIONS_UPDATE,
            (request, caller) -> write(request, caller, MetadataMode.MERGE, 200)));
  }

  private ApiReply write(ApiRequest request, Caller caller, MetadataMode mode, int status) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    Set<String> ids =
        new LinkedHashSet<>(
            body.texts("connection_id", MOST_AT_ONCE, TextRule.CONNECTION)
                .orElseGet(() -> body.missing("connection_id", "string", List.of())));
    String key = body.text("provider_config_key", TextRule.INTEGRATION);
    ObjectNode metadata =
        body.object("metadata").orElseGet(() -> body.missing("metadata", "object", Json.object()));
    body.check();
    Optional<Integration> integration = targets.find(caller, key);
    Set<String> missing =
        integration.map(found -> connections.metadata(found, ids, mode, metadata)).orElse(ids);
    if (integration.isEmpty() || !missing.isEmpty()) {
      throw unknown(ids, missing, key);
    }
    return ApiReply.of(status, request.json());
  }

  private static ApiError unknown(Set<String> ids, Set<String> missing, String key) {
    String message =
        "Connection with connection id "
            + String.join(", ", missing)
            + " and provider config key "
            + key
            + " not found. Please make sure the connection exists";
    if (ids.size() > 1) {
      message += ". No actions were taken on any of the connections as a result of this failure.";
    }
    return ApiError.of(404, "unknown_connection", message);
  }
}

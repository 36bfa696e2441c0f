package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.Connections;
import dev.serai.connection.Integration;
import dev.serai.sync.SyncControl;
import dev.serai.sync.SyncControl.Mode;
import dev.serai.sync.SyncControl.Name;
import java.util.List;
import java.util.Optional;

/** {@code /sync}: running, pausing and watching syncs. */
public final class SyncsApi implements Resource {
  private final Targets targets;
  private final Connections connections;
  private final SyncControl control;

  public SyncsApi(Targets targets, Connections connections, SyncControl control) {
    this.targets = targets;
    this.connections = connections;
    this.control = control;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("triggerSync", Scope.SYNCS_EXECUTE, this::trigger),
        new Endpoint("startSync", Scope.SYNCS_EXECUTE, this::start),
        new Endpoint("pauseSync", Scope.SYNCS_EXECUTE, this::pause),
        new Endpoint("syncStatus", Scope.SYNCS_READ, this::status),
        new Endpoint("updateFrequency", Scope.SYNCS_UPDATE, this::frequency));
  }

  /** The syncs a request is about: all of the connections' if none is named. */
  private record Chosen(List<Connection> connections, List<Name> syncs) {}

  private ApiReply trigger(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    List<Name> names = SyncFields.names(body);
    Mode mode = SyncFields.mode(body);
    Chosen chosen = choose(request, caller, body, names);
    control.trigger(chosen.connections(), chosen.syncs(), mode);
    return ApiReply.success();
  }

  private ApiReply start(ApiRequest request, Caller caller) {
    Chosen chosen = chosen(request, caller);
    control.start(chosen.connections(), chosen.syncs());
    return ApiReply.success();
  }

  private ApiReply pause(ApiRequest request, Caller caller) {
    Chosen chosen = chosen(request, caller);
    control.pause(chosen.connections(), chosen.syncs());
    return ApiReply.success();
  }

  private Chosen chosen(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    return choose(request, caller, body, SyncFields.names(body));
  }

  private Chosen choose(ApiRequest request, Caller caller, Fields body, List<Name> names) {
    Optional<String> key =
        body.optionalText("provider_config_key", TextRule.INTEGRATION)
            .or(() -> request.header("Provider-Config-Key"));
    Optional<String> connectionId =
        body.optionalText("connection_id", TextRule.CONNECTION)
            .or(() -> request.header("Connection-Id"));
    body.check();
    Integration integration =
        targets.integration(
            caller,
            key.orElseThrow(() ->
                ApiError.of(400, "missing_provider_config_key", "Missing provider_config_key")));
    List<Connection> all =
        connectionId
            .map(id -> List.of(connection(integration, id)))
            .orElseGet(() -> connections.ofIntegration(integration));
    return existing(all, names);
  }

  /** No connection has no sync to miss; otherwise each name must be known to one of them. */
  private Chosen existing(List<Connection> all, List<Name> names) {
    List<Name> unknown = all.isEmpty() ? List.of() : control.unknown(all, names);
    if (!unknown.isEmpty()) {
      throw ApiError.of(
          400,
          "no_syncs_found",
          "No sync found for " + unknown.stream().map(SyncFields::label).toList());
    }
    return new Chosen(all, names);
  }

  private Connection connection(Integration integration, String id) {
    return connections.find(integration, id).orElseThrow(Targets::unknownConnection).connection();
  }

  private ApiReply status(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    String text = query.text("syncs", TextRule.size(1, 100_000));
    String key = query.text("provider_config_key", TextRule.INTEGRATION);
    Optional<String> connectionId = query.optionalText("connection_id", TextRule.CONNECTION);
    List<Name> names = text.equals("*") ? List.of() : SyncFields.listed(query, text);
    query.check();
    Integration integration = targets.integration(caller, key);
    List<Connection> all =
        connectionId
            .map(id ->
                connections
                    .find(integration, id)
                    .map(found -> List.of(found.connection()))
                    .orElseThrow(() -> ApiError.of(400, "invalid_body", "Connection not found")))
            .orElseGet(() -> connections.ofIntegration(integration));
    Chosen chosen = existing(all, names);
    ObjectNode envelope = Json.object();
    var list = envelope.putArray("syncs");
    control.status(chosen.connections(), chosen.syncs()).forEach(s -> list.add(SyncJson.write(s)));
    return ApiReply.ok(envelope);
  }

  private ApiReply frequency(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    String name = body.text("sync_name", TextRule.NAME);
    String variant = body.optionalText("sync_variant", TextRule.NAME).orElse(SyncFields.BASE);
    String key = body.text("provider_config_key", TextRule.INTEGRATION);
    String connectionId = body.text("connection_id", TextRule.CONNECTION);
    Optional<String> frequency =
        body.nullableText("frequency", TextRule.size(1, 255))
            .orElseGet(() -> body.missing("frequency", "string", Optional.empty()));
    body.check();
    Connection connection = connection(targets.integration(caller, key), connectionId);
    return control
        .frequency(connection, new Name(name, variant), frequency.orElse(null))
        .map(inForce -> ApiReply.ok(Json.object().put("frequency", inForce)))
        .orElseThrow(() -> ApiError.of(400, "unknown_sync", "No sync " + name + " found"));
  }
}

package dev.serai.api;

import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.Connections;
import dev.serai.sync.SyncControl;
import dev.serai.sync.SyncControl.Name;
import java.util.List;

/** {@code /sync/{name}/variant/{variant}}: the same sync once more, into collections of its own. */
public final class VariantsApi implements Resource {
  private final Targets targets;
  private final Connections connections;
  private final SyncControl control;

  public VariantsApi(Targets targets, Connections connections, SyncControl control) {
    this.targets = targets;
    this.connections = connections;
    this.control = control;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("createVariant", Scope.SYNCS_VARIANT_CREATE, this::create),
        new Endpoint("deleteVariant", Scope.SYNCS_VARIANT_DELETE, this::delete));
  }

  private ApiReply create(ApiRequest request, Caller caller) {
    Name name = name(request);
    Connection connection = connection(request, caller);
    return switch (control.createVariant(connection, name)) {
      case CREATED ->
          ApiReply.ok(
              Json.object()
                  .put("id", control.find(connection, name).orElseThrow().toString())
                  .put("name", name.name())
                  .put("variant", name.variant()));
      case EXISTS ->
          throw ApiError.of(400, "sync_variant_already_exists", "The variant exists already");
      case UNKNOWN_SYNC ->
          throw ApiError.of(400, "unknown_sync", "No sync " + name.name() + " found");
      case NO_CONNECTION -> throw Targets.unknownConnection();
      case TOO_MANY ->
          throw ApiError.of(400, "resource_capped", "The sync has as many variants as it may have");
    };
  }

  private ApiReply delete(ApiRequest request, Caller caller) {
    Name name = name(request);
    if (!control.deleteVariant(connection(request, caller), name)) {
      throw ApiError.notFound("The variant does not exist");
    }
    return ApiReply.success();
  }

  private static Name name(ApiRequest request) {
    Fields.noQuery(request);
    Fields path = Fields.path(request);
    Name name = new Name(path.text("name", TextRule.NAME), path.text("variant", TextRule.NAME));
    path.check();
    if (name.variant().equals(SyncFields.BASE)) {
      throw ApiError.of(400, "invalid_variant", "The base variant is protected");
    }
    return name;
  }

  private Connection connection(ApiRequest request, Caller caller) {
    Fields body = Fields.body(request.json());
    String key = body.text("provider_config_key", TextRule.INTEGRATION);
    String connectionId = body.text("connection_id", TextRule.CONNECTION);
    body.check();
    return connections
        .find(targets.integration(caller, key), connectionId)
        .orElseThrow(Targets::unknownConnection)
        .connection();
  }
}

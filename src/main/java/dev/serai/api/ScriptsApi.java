package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.action.ActionDefinition;
import dev.serai.action.ActionRegistry;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.sync.SyncDefinition;
import dev.serai.sync.SyncRegistry;
import java.util.Comparator;
import java.util.List;

/** {@code GET /scripts/config}: the syncs and actions that run, per integration. */
public final class ScriptsApi implements Resource {
  private final IntegrationStore integrations;
  private final SyncRegistry syncs;
  private final ActionRegistry actions;

  public ScriptsApi(IntegrationStore integrations, SyncRegistry syncs, ActionRegistry actions) {
    this.integrations = integrations;
    this.syncs = syncs;
    this.actions = actions;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(new Endpoint("scriptsConfig", Scope.FUNCTIONS_LIST, this::config));
  }

  private ApiReply config(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    String format = query.optionalText("format", TextRule.ANY).orElse("nango");
    if (!format.equals("nango")) {
      query.report("invalid_value", "Invalid option: only nango is answered", "format");
    }
    query.check();
    ArrayNode list = Json.array();
    integrations.list(caller.environment()).forEach(integration -> list.add(entry(integration)));
    return ApiReply.ok(list);
  }

  private ObjectNode entry(Integration integration) {
    ObjectNode entry =
        Json.object()
            .put("providerConfigKey", integration.uniqueKey())
            .put("provider", integration.provider());
    ArrayNode syncList = entry.putArray("syncs");
    syncs.all().stream()
        .filter(sync -> sync.provider().equals(integration.provider()))
        .sorted(Comparator.comparing(SyncDefinition::name))
        .forEach(sync -> syncList.add(json(sync)));
    ArrayNode actionList = entry.putArray("actions");
    actions.of(integration.provider()).forEach(action -> actionList.add(json(action)));
    entry.putArray("on-events");
    return entry;
  }

  private static ObjectNode json(SyncDefinition sync) {
    ObjectNode json = common(sync.name(), "sync").put("runs", sync.schedule().describe());
    json.put("auto_start", true);
    ArrayNode returns = json.putArray("returns");
    sync.models().forEach(returns::add);
    return json;
  }

  private static ObjectNode json(ActionDefinition action) {
    ObjectNode json = common(action.name(), "action").put("input", action.input());
    ArrayNode returns = json.putArray("returns");
    if (action.output() != null) {
      returns.add(action.output());
    }
    return json;
  }

  private static ObjectNode common(String name, String type) {
    ObjectNode json = Json.object().put("name", name).put("type", type).put("enabled", true);
    json.putArray("endpoints");
    return json;
  }
}

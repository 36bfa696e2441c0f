package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connections;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationSecrets;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.connection.Integrations;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /integrations}. */
public final class IntegrationsApi implements Resource {
  private static final int LONGEST_VALUE = 8_192;

  private final IntegrationStore store;
  private final Integrations integrations;
  private final Connections connections;
  private final Providers providers;

  public IntegrationsApi(
      IntegrationStore store,
      Integrations integrations,
      Connections connections,
      Providers providers) {
    this.store = store;
    this.integrations = integrations;
    this.connections = connections;
    this.providers = providers;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.alsoForSessions("listIntegrations", Scope.INTEGRATIONS_LIST, this::list),
        new Endpoint("createIntegration", Scope.INTEGRATIONS_CREATE, this::create),
        new Endpoint("getIntegration", Scope.INTEGRATIONS_READ, this::get),
        new Endpoint("updateIntegration", Scope.INTEGRATIONS_UPDATE, this::update),
        new Endpoint("deleteIntegration", Scope.INTEGRATIONS_DELETE, this::delete));
  }

  private ApiReply list(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    ArrayNode list = Json.array();
    store.list(caller.environment()).stream()
        .filter(found -> caller.sees(found.uniqueKey()))
        .forEach(found -> list.add(json(found)));
    return ApiReply.data(list);
  }

  private ApiReply create(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    String provider = body.text("provider", TextRule.PROVIDER);
    String uniqueKey = body.text("unique_key", TextRule.INTEGRATION);
    Draft draft =
        new Draft(
            uniqueKey,
            provider,
            body.optionalText("display_name", TextRule.DISPLAY_NAME).orElse(null),
            texts(body, "integration_config").orElseGet(Json::object),
            texts(body, "custom").orElseGet(Json::object),
            body.flag("forward_webhooks").orElse(true));
    List<String> modes = providers.authModes(provider);
    IntegrationSecrets secrets = IntegrationCredentials.read(body, modes);
    if (!provider.isEmpty() && providers.find(provider).isEmpty()) {
      body.report("invalid_string", "Invalid provider", "provider");
    } else if (secrets.app() == null
        && !body.has("credentials")
        && IntegrationCredentials.needed(modes)) {
      body.report("custom", "Missing credentials", "credentials");
    }
    body.check();
    return integrations
        .create(caller.environment(), draft, secrets)
        .map(made -> ApiReply.data(json(made)))
        .orElseThrow(() -> keyExists(body));
  }

  private ApiReply get(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    Set<String> include =
        new HashSet<>(query.texts("include", 2, TextRule.ANY).orElseGet(List::of));
    if (!Set.of("webhook", "credentials").containsAll(include)) {
      query.report("invalid_value", "Invalid option: expected webhook or credentials", "include");
    }
    query.check();
    if (include.contains("credentials")) {
      Authentication.require(caller, Scope.INTEGRATIONS_READ_CREDENTIALS);
    }
    Integration found = find(request, caller);
    ObjectNode json = json(found);
    if (include.contains("webhook")) {
      json.put("webhook_url", providers.webhookUrl(found).orElse(null));
    }
    if (include.contains("credentials")) {
      json.set(
          "credentials",
          IntegrationCredentials.shown(
              integrations.app(found),
              integrations.webhookSecret(found),
              providers.authModes(found.provider())));
    }
    return ApiReply.data(json);
  }

  private ApiReply update(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Integration old = find(request, caller);
    Fields body = Fields.body(request.json());
    Draft draft =
        new Draft(
            body.optionalText("unique_key", TextRule.INTEGRATION).orElse(old.uniqueKey()),
            old.provider(),
            body.optionalText("display_name", TextRule.DISPLAY_NAME).orElse(old.displayName()),
            texts(body, "integration_config").orElse(old.config()),
            texts(body, "custom").orElse(old.custom()),
            body.flag("forward_webhooks").orElse(old.forwardWebhooks()));
    IntegrationSecrets secrets =
        IntegrationCredentials.read(body, providers.authModes(old.provider()));
    body.check();
    return integrations
        .update(old.id(), draft, secrets)
        .map(changed -> ApiReply.data(json(changed)))
        .orElseThrow(() -> notRenamed(body, old));
  }

  private ApiReply delete(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Integration found = find(request, caller);
    if (!connections.deleteIntegration(found)) {
      throw missing(found.uniqueKey());
    }
    return ApiReply.success();
  }

  private Integration find(ApiRequest request, Caller caller) {
    Fields path = Fields.path(request);
    String key = path.text("uniqueKey", TextRule.INTEGRATION);
    path.check();
    return store.find(caller.environment(), key).orElseThrow(() -> missing(key));
  }

  private ObjectNode json(Integration integration) {
    String display = integration.displayName();
    if (display == null) {
      display =
          providers
              .find(integration.provider())
              .map(Providers.Entry::displayName)
              .orElse(integration.provider());
    }
    return Json.object()
        .put("unique_key", integration.uniqueKey())
        .put("provider", integration.provider())
        .put("display_name", display)
        .put("logo", providers.logo(integration.provider()))
        .put("forward_webhooks", integration.forwardWebhooks())
        .put("created_at", Stamps.zulu(integration.createdAt()))
        .put("updated_at", Stamps.zulu(integration.updatedAt()));
  }

  private static Optional<ObjectNode> texts(Fields body, String key) {
    Optional<ObjectNode> object = body.object(key);
    object.ifPresent(values ->
        values
            .properties()
            .forEach(entry -> {
              JsonNode value = entry.getValue();
              if (!value.isTextual() || value.textValue().length() > LONGEST_VALUE) {
                body.report("invalid_type", "Invalid value", key, entry.getKey());
              }
            }));
    return object;
  }

  private static ApiError keyExists(Fields body) {
    body.report("invalid_string", "Unique key already exists", "uniqueKey");
    return body.refusal();
  }

  private ApiError notRenamed(Fields body, Integration old) {
    if (store.find(old.environment(), old.uniqueKey()).isEmpty()) {
      return missing(old.uniqueKey());
    }
    if (!store.hasConnections(old.id())) {
      return keyExists(body);
    }
    body.report("custom", "Cannot rename an integration that has connections", "unique_key");
    return body.refusal();
  }

  private static ApiError missing(String key) {
    return ApiError.notFound("Integration \"" + key + "\" does not exist");
  }
}

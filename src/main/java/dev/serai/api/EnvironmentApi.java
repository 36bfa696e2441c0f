package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Environment;
import dev.serai.connection.EnvironmentStore;
import java.util.List;
import java.util.Optional;

/** Where an environment's webhooks go (ours), and its variables. */
public final class EnvironmentApi implements Resource {
  private static final TextRule URL = TextRule.size(1, 2_048);

  private final EnvironmentStore environments;
  private final WebhookTargets webhookTargets;

  public EnvironmentApi(EnvironmentStore environments, WebhookTargets webhookTargets) {
    this.environments = environments;
    this.webhookTargets = webhookTargets;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("getWebhookSettings", Scope.WEBHOOKS_READ, this::get),
        new Endpoint("setWebhookSettings", Scope.WEBHOOKS_UPDATE, this::set),
        new Endpoint("listVariables", Scope.VARIABLES_READ, this::variables));
  }

  private ApiReply get(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    return shown(caller);
  }

  private ApiReply set(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    Optional<String> primary = url(body, "primary_url");
    Optional<String> secondary = url(body, "secondary_url");
    body.check();
    environments.setEndpoints(caller.environment(), primary.orElse(null), secondary.orElse(null));
    return shown(caller);
  }

  /** Null or absent: nowhere. */
  private Optional<String> url(Fields body, String key) {
    Optional<String> url = body.nullableText(key, URL).orElseGet(Optional::empty);
    url.ifPresent(text -> webhookTargets.check(body, key, text));
    return url;
  }

  private ApiReply shown(Caller caller) {
    Environment environment = environments.get(caller.environment());
    ObjectNode json =
        Json.object()
            .put("primary_url", environment.primaryUrl())
            .put("secondary_url", environment.secondaryUrl());
    return ApiReply.data(json);
  }

  /** There are none: actions are routes here, which read the application's own properties. */
  private ApiReply variables(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    return ApiReply.ok(Json.array());
  }
}

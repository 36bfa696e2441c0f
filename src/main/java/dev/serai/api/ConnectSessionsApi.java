package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.EndUser;
import dev.serai.connection.Integration;
import dev.serai.connection.connect.ConnectSession;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.connect.SessionTerms;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code /connect}: sessions that a backend hands to its customers' browsers. */
public final class ConnectSessionsApi implements Resource {
  private static final int MOST_INTEGRATIONS = 1_000;

  private final Targets targets;
  private final ConnectSessions sessions;
  private final WebhookTargets webhooks;

  public ConnectSessionsApi(Targets targets, ConnectSessions sessions, WebhookTargets webhooks) {
    this.targets = targets;
    this.sessions = sessions;
    this.webhooks = webhooks;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("createConnectSession", Scope.CONNECT_SESSIONS_WRITE, this::create),
        new Endpoint("createReconnectSession", Scope.CONNECT_SESSIONS_WRITE, this::reconnect),
        Endpoint.forSessions("getConnectSession", this::get),
        Endpoint.forSessions("deleteConnectSession", this::delete));
  }

  private ApiReply create(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    SessionTerms terms = SessionFields.terms(body, webhooks, key -> exists(caller, key));
    List<String> allowed =
        body.texts("allowed_integrations", MOST_INTEGRATIONS, TextRule.ANY).orElse(null);
    for (int i = 0; allowed != null && i < allowed.size(); i++) {
      if (!exists(caller, allowed.get(i))) {
        body.report("custom", "Integration does not exist", "allowed_integrations", i);
      }
    }
    if (!body.has("end_user") && !body.has("tags")) {
      body.report("custom", "end_user or tags is required", "end_user");
    }
    body.check();
    return issued(
        sessions.issue(
            new ConnectSessions.Draft(caller.environment(), allowed, null, false, terms)));
  }

  private ApiReply reconnect(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    String connectionId = body.text("connection_id", TextRule.CONNECTION);
    String key = body.text("integration_id", TextRule.INTEGRATION);
    SessionTerms terms = SessionFields.terms(body, webhooks, given -> exists(caller, given));
    body.flag("confirm_account_change")
        .ifPresent(flag -> terms.json().put("confirm_account_change", flag));
    Optional<ConnectionDetails> there =
        targets.find(caller, key).flatMap(found -> targets.find(found, connectionId));
    if (there.isEmpty() && body.has("connection_id") && body.has("integration_id")) {
      body.report("custom", "ConnectionID or IntegrationId does not exists", "connection_id");
    }
    body.check();
    return issued(
        sessions.issue(
            new ConnectSessions.Draft(
                caller.environment(),
                List.of(key),
                there.orElseThrow().connection().id(),
                false,
                terms)));
  }

  private boolean exists(Caller caller, String key) {
    return targets.find(caller, key).map(Integration::uniqueKey).isPresent();
  }

  private static ApiReply issued(ConnectSessions.Issued issued) {
    ObjectNode envelope = Json.object();
    envelope
        .putObject("data")
        .put("token", issued.token())
        .put("connect_link", issued.link())
        .put("expires_at", Stamps.zulu(issued.expiresAt()));
    return ApiReply.of(201, envelope);
  }

  private ApiReply get(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    ConnectSession session = Objects.requireNonNull(caller.session());
    if (session.spent()) {
      throw ApiError.of(
          401,
          "unknown_connect_session_token",
          "The connect session has connected all that it was for: ask for a new link");
    }
    ObjectNode terms = session.terms().json();
    ObjectNode json = Json.object();
    EndUser user = session.terms().endUser();
    json.set("endUser", user == null ? Json.mapper().nullNode() : user.json());
    if (session.allowed() != null) {
      session.allowed().forEach(json.putArray("allowed_integrations")::add);
    }
    if (!session.used().isEmpty()) {
      session.used().stream().sorted().forEach(json.putArray("used_integrations")::add);
    }
    copy(terms, "integrations_config_defaults", json);
    if (session.reconnects() != null) {
      json.put("isReconnecting", true);
      json.put("mayConfirmAccountChange", session.accountIsAskedFor());
    }
    copy(terms, "overrides", json);
    sessions.externalId(session).ifPresent(id -> json.put("externalId", id));
    json.set("connectUISettings", settings());
    json.put("websocketsPath", "/");
    return ApiReply.data(json);
  }

  private static void copy(ObjectNode from, String key, ObjectNode to) {
    JsonNode value = from.path(key);
    if (value.isObject()) {
      to.set(key, value);
    }
  }

  private static ObjectNode settings() {
    ObjectNode settings = Json.object();
    ObjectNode theme = settings.putObject("theme");
    theme.putObject("light").put("primary", "#1d5c4d");
    theme.putObject("dark").put("primary", "#8fd6c2");
    return settings.put("defaultTheme", "system").put("showWatermark", false);
  }

  private ApiReply delete(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    sessions.end(Objects.requireNonNull(caller.session()));
    return ApiReply.empty();
  }
}

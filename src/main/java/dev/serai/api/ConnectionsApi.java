package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.ConnectionFilter;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.Connections;
import dev.serai.connection.Connection;
import dev.serai.connection.CredentialSource;
import dev.serai.connection.Grant;
import dev.serai.connection.RefreshFailure;
import dev.serai.connection.Integration;
import java.util.List;
import java.util.Locale;

/** {@code /connections}: reading, changing and deleting; see {@link ImportApi} for creating. */
public final class ConnectionsApi implements Resource {
  private static final int MOST_LISTED = 2_000;
  private static final int LISTED_UNASKED = 10_000;

  private final Targets targets;
  private final Connections connections;
  private final CredentialSource credentials;
  private final Providers providers;
  private final WebhookTargets webhookTargets;

  /**
   * @param credentials those in force, renewed before they are shown
   */
  public ConnectionsApi(
      Targets targets,
      Connections connections,
      CredentialSource credentials,
      Providers providers,
      WebhookTargets webhookTargets) {
    this.targets = targets;
    this.connections = connections;
    this.credentials = credentials;
    this.providers = providers;
    this.webhookTargets = webhookTargets;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("listConnections", Scope.CONNECTIONS_LIST, this::list),
        new Endpoint("getConnection", Scope.CONNECTIONS_READ, this::get),
        new Endpoint("patchConnection", Scope.CONNECTIONS_UPDATE, this::patch),
        new Endpoint("deleteConnection", Scope.CONNECTIONS_DELETE, this::delete));
  }

  private ApiReply list(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    ConnectionFilter filter =
        new ConnectionFilter(
            query.optionalText("connectionId", TextRule.CONNECTION).orElse(null),
            query.optionalText("search", TextRule.SEARCH).orElse(null),
            query.optionalText("endUserId", TextRule.SEARCH).orElse(null),
            query.optionalText("endUserOrganizationId", TextRule.SEARCH).orElse(null),
            query
                .optionalText("integrationId", TextRule.size(1, 10_000))
                .map(keys -> List.of(keys.split(",")))
                .orElse(null),
            tags(query),
            query.number("limit", 1, MOST_LISTED).orElse(LISTED_UNASKED),
            query.number("page", 0, Integer.MAX_VALUE).orElse(0));
    query.check();
    ObjectNode envelope = Json.object();
    ArrayNode list = envelope.putArray("connections");
    connections
        .list(caller.environment(), filter)
        .forEach(details -> list.add(ConnectionJson.entry(details)));
    return ApiReply.ok(envelope);
  }

  private static ObjectNode tags(Fields query) {
    ObjectNode wanted = Json.object();
    query
        .object("tags")
        .ifPresent(tags ->
            tags.properties()
                .forEach(tag -> {
                  if (!tag.getValue().isTextual()) {
                    query.report("invalid_type", "Invalid tag", "tags", tag.getKey());
                  }
                  wanted.set(tag.getKey().toLowerCase(Locale.ROOT), tag.getValue());
                }));
    return wanted;
  }

  private ApiReply get(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    String key = query.text("provider_config_key", TextRule.INTEGRATION);
    boolean whole = query.lenientFlag("refresh_token").orElse(false);
    boolean force = query.lenientFlag("force_refresh").orElse(false);
    force |= query.lenientFlag("refresh_github_app_jwt_token").orElse(false);
    query.check();
    boolean mayRead = caller.may(Scope.CONNECTIONS_READ_CREDENTIALS);
    if (whole || force) {
      Authentication.require(caller, Scope.CONNECTIONS_READ_CREDENTIALS);
    }
    Integration integration = targets.integration(caller, key);
    ConnectionDetails details = targets.connection(integration, connectionId(request));
    ObjectNode credentials =
        mayRead ? credentials(integration, details.connection(), force, whole) : Json.object();
    ConnectionDetails now = targets.connection(integration, details.connection().connectionId());
    return ApiReply.ok(
        ConnectionJson.full(
            now, providers.secretFields(integration.provider()), credentials, Stamps::offset));
  }

  private ObjectNode credentials(
      Integration integration, Connection connection, boolean force, boolean whole) {
    try {
      Grant inForce = force ? credentials.forced(connection) : credentials.open(connection);
      connections.fetched(connection);
      ObjectNode json = providers.shown(connection, inForce.credentials());
      return whole ? json : RefreshReply.withoutRefreshTokens(json);
    } catch (RefreshFailure failure) {
      throw RefreshReply.invalid(
          failure,
          targets.connection(integration, connection.connectionId()),
          providers.secretFields(integration.provider()));
    }
  }

  private ApiReply patch(ApiRequest request, Caller caller) {
    String key = integrationKey(request);
    Fields body = Fields.body(request.json());
    ConnectionChange change =
        new ConnectionChange(
            ConnectionFields.endUser(body).orElse(null),
            ConnectionFields.tags(body, "tags").orElse(null),
            null,
            null,
            webhookTargets.read(body, "webhook_url_override").orElse(null));
    body.check();
    Integration integration = targets.integration(caller, key);
    if (!connections.change(integration, connectionId(request), change)) {
      throw ApiError.notFound("Failed to find connection");
    }
    return ApiReply.success();
  }

  private ApiReply delete(ApiRequest request, Caller caller) {
    Integration integration = targets.integration(caller, integrationKey(request));
    if (!connections.delete(integration, connectionId(request))) {
      throw ApiError.of(400, "unknown_connection", "No connection with this id was found");
    }
    return ApiReply.success();
  }

  private static String integrationKey(ApiRequest request) {
    Fields query = Fields.query(request);
    String key = query.text("provider_config_key", TextRule.INTEGRATION);
    query.check();
    return key;
  }

  private static String connectionId(ApiRequest request) {
    Fields path = Fields.path(request);
    String id = path.text("connectionId", TextRule.CONNECTION);
    path.check();
    return id;
  }
}

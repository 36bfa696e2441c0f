package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.Connections;
import dev.serai.connection.Connections.Imported;
import dev.serai.connection.Connections.Right;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Integration;
import dev.serai.connection.Offered;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /connections}: a connection whose credentials the caller already has. */
public final class ImportApi implements Resource {
  private final Targets targets;
  private final Connections connections;
  private final Providers providers;
  private final WebhookTargets webhookTargets;

  public ImportApi(
      Targets targets,
      Connections connections,
      Providers providers,
      WebhookTargets webhookTargets) {
    this.targets = targets;
    this.connections = connections;
    this.providers = providers;
    this.webhookTargets = webhookTargets;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(new Endpoint("createConnection", Scope.CONNECTIONS_CREATE, this::create));
  }

  private ApiReply create(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    String key = body.text("provider_config_key", TextRule.INTEGRATION);
    String connectionId =
        body.optionalText("connection_id", TextRule.CONNECTION)
            .orElseGet(() -> UUID.randomUUID().toString());
    Optional<Integration> found = targets.find(caller, key);
    String provider = found.map(Integration::provider).orElse("");
    Credentials credentials =
        ConnectionFields.credentials(
            body, provider, providers.authModes(provider), found.flatMap(providers::installedApp));
    ConnectionChange change =
        new ConnectionChange(
            ConnectionFields.endUser(body).orElse(null),
            ConnectionFields.tags(body, "tags").orElse(null),
            body.object("metadata").orElse(null),
            body.object("connection_config").orElse(null),
            webhookTargets.read(body, "webhook_url_override").orElse(null));
    boolean confirmed = body.flag("confirm_account_change").orElse(false);
    if (body.has("provider_config_key") && found.isEmpty()) {
      throw noIntegration(key);
    }
    body.check();
    Integration integration = found.orElseThrow(() -> noIntegration(key));
    ObjectNode secrets = kept(integration, connectionId, change);
    ConnectionChange checked = checked(integration, caller, connectionId, change, body, secrets);
    Granted granted =
        granted(preview(integration, caller, connectionId, checked), credentials, secrets);
    ConnectionChange whole =
        checked(
            integration,
            caller,
            connectionId,
            with(checked, secrets, granted.config()),
            body,
            secrets);
    Connection preview = preview(integration, caller, connectionId, whole);
    String account = account(preview, granted.credentials(), secrets);
    Offered offered =
        new Offered(
            granted.credentials(),
            secrets,
            granted.account() == null ? account : granted.account());
    Right right = Right.backend(confirmed);
    return reply(
        connections.put(integration, connectionId, offered, whole, right),
        granted.credentials(),
        integration);
  }

  /**
   * The secret configuration of the connection that is there: what is not given again stays, unless
   * calls go elsewhere from now on.
   */
  private ObjectNode kept(Integration integration, String connectionId, ConnectionChange change) {
    return connections
        .find(integration, connectionId)
        .map(ConnectionDetails::connection)
        .filter(there -> {
          ObjectNode config = change.config() == null ? there.config() : change.config();
          ObjectNode whole = providers.check(integration.provider(), config).config();
          return providers.sameAddress(integration.provider(), there.config(), whole);
        })
        .map(connections::secretConfig)
        .orElseGet(Json::object);
  }

  /** A token for those that were given without one. */
  private Granted granted(Connection preview, Credentials credentials, ObjectNode secrets) {
    try {
      return providers.granted(preview, new Grant(credentials, secrets, 0));
    } catch (SeraiException e) {
      if (e.origin() == Origin.OURS) {
        throw e;
      }
      throw ApiError.of(400, e.code(), String.valueOf(e.getMessage()));
    }
  }

  private static ConnectionChange with(
      ConnectionChange change, ObjectNode secrets, ObjectNode told) {
    ObjectNode config = change.config() == null ? Json.object() : change.config().deepCopy();
    config.setAll(secrets);
    config.setAll(told);
    return new ConnectionChange(
        change.endUser(), change.tags(), change.metadata(), config, change.webhookUrlOverride());
  }

  /** Whose credentials they are, where the provider tells; they have to work. */
  private @Nullable String account(
      Connection preview, Credentials credentials, ObjectNode secrets) {
    if (over(credentials)) {
      return null;
    }
    Providers.Tried tried = providers.tried(preview, new Grant(credentials, secrets, 0));
    if (tried.refusal() != null) {
      throw ApiError.of(400, "connection_test_failed", tried.refusal());
    }
    return tried.account();
  }

  /** Their token is renewed at the first use; until then it proves nothing. */
  private static boolean over(Credentials credentials) {
    Instant end = credentials.expiresAt();
    return end != null && !end.isAfter(Instant.now());
  }

  /**
   * The change with the provider's defaults in the configuration, which has to be a valid one.
   *
   * @param secrets that are known already; takes in the secret values of it
   */
  private ConnectionChange checked(
      Integration integration,
      Caller caller,
      String connectionId,
      ConnectionChange change,
      Fields body,
      ObjectNode secrets) {
    Connection preview = preview(integration, caller, connectionId, change);
    ObjectNode config = preview.config().deepCopy();
    // What is declared secret no more stays sealed: nobody said that it may be shown.
    providers.secretFields(integration.provider()).stream()
        .filter(field -> secrets.has(field) && !config.has(field))
        .forEach(field -> config.set(field, secrets.get(field)));
    Providers.Checked checked = providers.check(integration.provider(), config);
    for (Providers.Problem problem : checked.problems()) {
      body.report("custom", problem.message(), "connection_config", problem.field());
    }
    body.check();
    secrets.setAll(checked.secretConfig());
    return new ConnectionChange(
        change.endUser(),
        change.tags(),
        change.metadata(),
        checked.config(),
        change.webhookUrlOverride());
  }

  private Connection preview(
      Integration integration, Caller caller, String connectionId, ConnectionChange change) {
    return connections.preview(integration, caller.environmentName(), connectionId, change);
  }

  private ApiReply reply(Imported imported, Credentials credentials, Integration integration) {
    ConnectionDetails details =
        switch (imported) {
          case Imported.Created created -> created.details();
          case Imported.Overridden overridden -> overridden.details();
          case Imported.NoIntegration gone -> throw noIntegration(integration.uniqueKey());
          case Imported.OtherAccount other ->
              throw ApiError.of(
                  400,
                  "account_differs",
                  ("These are credentials of the account %s, but the connection belongs to %s. Send"
                          + " confirm_account_change: true to let it begin anew with the other one")
                      .formatted(other.offered(), other.there()));
          // A backend may do all of this.
          case Imported.Exists never -> throw new IllegalStateException();
          case Imported.Missing never -> throw new IllegalStateException();
        };
    ObjectNode shown = CredentialJson.write(credentials);
    return ApiReply.of(
        201,
        ConnectionJson.full(
            details, providers.secretFields(integration.provider()), shown, Stamps::zulu));
  }

  private static ApiError noIntegration(String key) {
    return ApiError.notFound("Integration \"" + key + "\" does not exist");
  }
}

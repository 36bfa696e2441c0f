package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.ConnectionDetails;
import dev.serai.connection.Connections;
import dev.serai.connection.Connections.Right;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.connect.Attempt;
import dev.serai.connection.connect.ConnectRefused;
import dev.serai.connection.connect.ConnectSession;
import dev.serai.connection.connect.ConnectSessions;
import dev.serai.connection.connect.Connecting;
import dev.serai.connection.connect.FrontDoor;
import dev.serai.connection.connect.FrontDoors;
import dev.serai.connection.connect.SessionTerms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a browser may do: by the session its backend gave it, or by the environment's public
 * key, which proves nothing and is good for little. Thread-safe.
 */
public final class Admission {
  private static final Pattern UUID_FORM =
      Pattern.compile("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final TextRule SCOPES = TextRule.size(0, 4_096);
  private static final TextRule OWN_APP = TextRule.size(1, 1_024);

  private final ConnectSessions sessions;
  private final FrontDoors doors;
  private final IntegrationStore integrations;
  private final Connections connections;

  public Admission(
      ConnectSessions sessions,
      FrontDoors doors,
      IntegrationStore integrations,
      Connections connections) {
    this.sessions = sessions;
    this.doors = doors;
    this.integrations = integrations;
    this.connections = connections;
  }

  /** The attempt that the request asks for, or an error that says why not. */
  Attempt admit(ApiRequest request, String key) {
    Fields query = Fields.query(request);
    // Pages write parameters of the provider unencoded: a stray one is no mistake of theirs.
    query.keys().forEach(query::expect);
    Optional<String> token = query.optionalText("connect_session_token", TextRule.ANY);
    Asked asked = asked(query);
    if (token.isPresent()) {
      if (query.has("connection_id")) {
        query.report("custom", "A connect session decides this itself", "connection_id");
      }
      query.check();
      return ofSession(Authentication.session(token.get(), sessions::find), key, asked);
    }
    Optional<String> publicKey = query.optionalText("public_key", TextRule.ANY);
    String connectionId = query.optionalText("connection_id", TextRule.CONNECTION).orElse(null);
    Optional<String> hmac = query.optionalText("hmac", TextRule.ANY);
    query.check();
    FrontDoor door =
        doors
            .ofPublicKey(publicKey(publicKey))
            .orElseThrow(() -> ApiError.of(401, "invalid_public_key", "The public key is unknown"));
    boolean signed = door.admits(key, connectionId, hmac);
    Right right = new Right(true, signed, signed && asked.confirmed(), null);
    return attempt(
        integration(door.environment(), key),
        door.name(),
        connectionId == null ? UUID.randomUUID().toString() : connectionId,
        right,
        null,
        new SessionTerms(Json.object()),
        asked);
  }

  private static UUID publicKey(Optional<String> given) {
    String text =
        given.orElseThrow(() ->
            ApiError.of(
                401, "missing_public_key", "A connect session token or a public key is needed"));
    if (!UUID_FORM.matcher(text).matches()) {
      throw ApiError.of(401, "invalid_public_key", "The public key is not a UUID");
    }
    return UUID.fromString(text);
  }

  private Attempt ofSession(ConnectSession session, String key, Asked asked) {
    Integration integration = integration(session.environment(), key);
    if (!session.allows(key)) {
      throw ApiError.of(
          400, "integration_not_allowed", "The connect session does not allow this integration");
    }
    if (session.used().contains(key)) {
      throw ApiError.of(401, "unknown_connect_session_token", Connecting.USED.formatted(key));
    }
    String connectionId = session.connectionId(integration.id()).toString();
    Right right = new Right(true, false, false, null);
    Long reconnects = session.reconnects();
    if (reconnects != null) {
      connectionId =
          connections
              .find(reconnects)
              .filter(there -> there.connection().integration() == integration.id())
              .map(ConnectionDetails::connection)
              .orElseThrow(() ->
                  new ConnectRefused(
                      "unknown_connection",
                      "The connection is not there any more: it cannot be reconnected"))
              .connectionId();
      right = new Right(false, true, session.accountMayChange(asked.confirmed()), reconnects);
    }
    return attempt(
        integration,
        session.environmentName(),
        connectionId,
        right,
        session.id(),
        session.terms(),
        asked);
  }

  /** What the session sets wins over what the page says. */
  private static Attempt attempt(
      Integration integration,
      String environmentName,
      String connectionId,
      Right right,
      @Nullable UUID session,
      SessionTerms terms,
      Asked asked) {
    String key = integration.uniqueKey();
    ObjectNode config = asked.config().deepCopy();
    config.setAll(terms.config(key));
    Map<String, String> params = new LinkedHashMap<>(asked.params());
    params.putAll(terms.authorizationParams(key));
    List<String> scopes = terms.scopes(key);
    return new Attempt(
        integration.environment(),
        environmentName,
        integration.id(),
        key,
        connectionId,
        right,
        session,
        terms,
        config,
        scopes.isEmpty() ? asked.scopes() : scopes,
        params,
        asked.clientId(),
        asked.clientSecret());
  }

  private Integration integration(int environment, String key) {
    return integrations
        .find(environment, key)
        .orElseThrow(() ->
            ApiError.of(
                404, "unknown_provider_config", "The integration " + key + " does not exist"));
  }

  /** What a page may ask for, session or not. */
  private record Asked(
      ObjectNode config,
      List<String> scopes,
      Map<String, String> params,
      @Nullable String clientId,
      @Nullable String clientSecret,
      boolean confirmed) {

    @Override
    public String toString() {
      return "Asked[clientId=" + clientId + "]";
    }
  }

  private static Asked asked(Fields query) {
    ObjectNode config = Json.object();
    texts(query, "params")
        .forEach((name, value) -> {
          // A page that has no value for a field writes the word.
          if (!value.equals("undefined")) {
            config.put(name, value);
          }
        });
    Optional<Fields> own = query.nested("credentials");
    String clientId =
        own.flatMap(c -> c.optionalText("oauth_client_id_override", OWN_APP)).orElse(null);
    String secret =
        own.flatMap(c -> c.optionalText("oauth_client_secret_override", OWN_APP)).orElse(null);
    if (clientId == null && secret != null) {
      query.report("custom", "oauth_client_id_override is missing", "credentials");
    }
    own.ifPresent(c -> c.keys().forEach(c::expect));
    return new Asked(
        config,
        SessionTerms.list(query.optionalText("user_scope", SCOPES).orElse("")),
        texts(query, "authorization_params"),
        clientId,
        secret,
        query.lenientFlag("confirm_account_change").orElse(false));
  }

  private static Map<String, String> texts(Fields query, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry :
        query.object(key).map(ObjectNode::properties).orElseGet(Set::of)) {
      if (entry.getValue().isTextual()) {
        texts.put(entry.getKey(), Objects.requireNonNull(entry.getValue().textValue()));
      } else {
        query.report("invalid_type", "Invalid input: expected string", key, entry.getKey());
      }
    }
    return texts;
  }
}

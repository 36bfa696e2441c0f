package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Connections.Right;
import dev.serai.connection.Credentials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One customer's attempt at one connection, after everything about it was allowed. The same from
 * the first request to the last; {@code toString} shows no value of it.
 *
 * @param integration its row id; {@code key} is its unique key
 * @param session null: it came with the public key
 * @param terms what the session gives to the connection
 * @param config what is to be configured, secret fields among it
 * @param scopes to ask for; empty: the integration's
 * @param params further parameters of the authorization request
 * @param clientId the customer's own app, with {@code clientSecret}; null: the integration's
 */
public record Attempt(
    int environment,
    String environmentName,
    long integration,
    String key,
    String connectionId,
    Right right,
    @Nullable UUID session,
    SessionTerms terms,
    ObjectNode config,
    List<String> scopes,
    Map<String, String> params,
    @Nullable String clientId,
    @Nullable String clientSecret) {

  /** The customer's own app in the place of the integration's, or that one. */
  App app(App integrations) {
    return clientId == null
        ? integrations
        : new App(
            clientId,
            clientSecret,
            integrations.scopes(),
            integrations.appId(),
            integrations.appLink(),
            integrations.privateKey());
  }

  /** A customer's own app is kept with the token that it got: only it can renew or sign for it. */
  Credentials own(Credentials credentials) {
    if (clientId == null) {
      return credentials;
    }
    return switch (credentials) {
      case Credentials.OAuth2 token ->
          new Credentials.OAuth2(
              token.accessToken(),
              token.refreshToken(),
              token.expiresAt(),
              token.refreshTokenExpiresAt(),
              clientId,
              clientSecret,
              token.raw());
      case Credentials.OAuth1 token ->
          new Credentials.OAuth1(
              token.token(), token.tokenSecret(), clientId, clientSecret, token.raw());
      default -> credentials;
    };
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("environment", environment)
            .put("environment_name", environmentName)
            .put("integration", integration)
            .put("key", key)
            .put("connection_id", connectionId)
            .put("create", right.create())
            .put("override", right.override())
            .put("replace", right.replace())
            .put("only", right.only())
            .put("unnamed", right.unnamed())
            .put("session", session == null ? null : session.toString())
            .put("client_id", clientId)
            .put("client_secret", clientSecret);
    json.set("terms", terms.json());
    json.set("config", config);
    scopes.forEach(json.putArray("scopes")::add);
    params.forEach(json.putObject("params")::put);
    return json;
  }

  static Attempt of(ObjectNode json) {
    List<String> scopes = new ArrayList<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    Map<String, String> params = new LinkedHashMap<>();
    json.path("params").properties().forEach(p -> params.put(p.getKey(), p.getValue().asText()));
    String session = json.path("session").textValue();
    return new Attempt(
        json.path("environment").asInt(),
        json.path("environment_name").asText(),
        json.path("integration").asLong(),
        json.path("key").asText(),
        json.path("connection_id").asText(),
        new Right(
            json.path("create").asBoolean(),
            json.path("override").asBoolean(),
            json.path("replace").asBoolean(),
            json.path("only").isNumber() ? json.path("only").asLong() : null,
            json.path("unnamed").asBoolean()),
        session == null ? null : UUID.fromString(session),
        new SessionTerms((ObjectNode) json.path("terms")),
        (ObjectNode) json.path("config"),
        scopes,
        params,
        json.path("client_id").textValue(),
        json.path("client_secret").textValue());
  }

  @Override
  public String toString() {
    return "Attempt[" + key + "/" + connectionId + "]";
  }
}

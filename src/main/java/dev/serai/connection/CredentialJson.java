package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Credentials as the wire writes them; also what is sealed. Never log the result. */
public final class CredentialJson {
  private static final String REFRESH_END = "refresh_token_expires_at";

  private CredentialJson() {}

  public static ObjectNode write(Credentials credentials) {
    ObjectNode json = typed(credentials);
    switch (credentials) {
      case Credentials.None none -> json.removeAll();
      case Credentials.ApiKey key -> json.put("apiKey", key.apiKey());
      case Credentials.Basic basic ->
          json.put("username", basic.username()).put("password", basic.password());
      case Credentials.Signature pair ->
          json.put("username", pair.username()).put("password", pair.password());
      case Credentials.OAuth2 token -> oauth2(json, token);
      case Credentials.OAuth2Client client -> oauth2Client(json, client);
      case Credentials.OAuth1 token -> {
        json.put("oauth_token", token.token()).put("oauth_token_secret", token.tokenSecret());
        ownApp(json, token.clientId(), token.clientSecret());
        json.set("raw", token.raw());
      }
      case Credentials.Tba token -> {
        json.put("token_id", token.tokenId()).put("token_secret", token.tokenSecret());
        ownApp(json, token.clientId(), token.clientSecret());
      }
      case Credentials.Jwt jwt -> {
        json.setAll(without(jwt.inputs(), "type"));
        json.put("token", jwt.token());
      }
      case Credentials.TwoStep token -> {
        json.setAll(without(token.inputs(), "type"));
        json.put("token", token.token());
        present(json, "refresh_token", token.refreshToken());
        json.set("raw", token.raw());
      }
      case Credentials.AppInstallation app -> {
        json.put("installation_id", app.installationId()).put("access_token", app.accessToken());
        json.set("raw", app.raw());
      }
      case Credentials.AwsRole role -> aws(json, role);
    }
    end(json, "expires_at", credentials.expiresAt());
    end(json, REFRESH_END, credentials.refreshTokenExpiresAt());
    return json;
  }

  private static void oauth2(ObjectNode json, Credentials.OAuth2 token) {
    json.put("access_token", token.accessToken());
    present(json, "refresh_token", token.refreshToken());
    ownApp(json, token.clientId(), token.clientSecret());
    json.set("raw", token.raw());
  }

  private static void oauth2Client(ObjectNode json, Credentials.OAuth2Client client) {
    json.put("token", client.token()).put("client_id", client.clientId());
    present(json, "client_secret", client.clientSecret());
    present(json, "client_certificate", client.certificate());
    present(json, "client_private_key", client.privateKey());
    json.set("raw", client.raw());
  }

  private static void aws(ObjectNode json, Credentials.AwsRole role) {
    json.put("role_arn", role.roleArn())
        .put("region", role.region())
        .put("service", role.service())
        .put("access_key_id", role.accessKeyId())
        .put("secret_access_key", role.secretAccessKey())
        .put("session_token", role.sessionToken());
    present(json, "external_id", role.externalId());
    json.set("raw", role.raw());
  }

  private static void ownApp(
      ObjectNode json, @Nullable String clientId, @Nullable String clientSecret) {
    if (clientId != null) {
      ObjectNode app = json.putObject("config_override").put("client_id", clientId);
      present(app, "client_secret", clientSecret);
    }
  }

  /**
   * What {@link #write} wrote.
   *
   * @throws IllegalStateException for a type this version does not know
   */
  public static Credentials read(JsonNode json) {
    Instant end = end(json, "expires_at");
    return switch (json.path("type").asText()) {
      case "" -> new Credentials.None();
      case "API_KEY" -> new Credentials.ApiKey(text(json, "apiKey"));
      case "BASIC" -> new Credentials.Basic(text(json, "username"), text(json, "password"));
      case "SIGNATURE" -> new Credentials.Signature(text(json, "username"), text(json, "password"));
      case "OAUTH2" ->
          new Credentials.OAuth2(
              text(json, "access_token"),
              optional(json, "refresh_token"),
              end,
              end(json, REFRESH_END),
              optional(json.path("config_override"), "client_id"),
              optional(json.path("config_override"), "client_secret"),
              object(json, "raw"));
      case "OAUTH2_CC" ->
          new Credentials.OAuth2Client(
              text(json, "client_id"),
              optional(json, "client_secret"),
              optional(json, "client_certificate"),
              optional(json, "client_private_key"),
              text(json, "token"),
              end,
              object(json, "raw"));
      case "OAUTH1" ->
          new Credentials.OAuth1(
              text(json, "oauth_token"),
              text(json, "oauth_token_secret"),
              optional(json.path("config_override"), "client_id"),
              optional(json.path("config_override"), "client_secret"),
              object(json, "raw"));
      case "TBA" ->
          new Credentials.Tba(
              text(json, "token_id"),
              text(json, "token_secret"),
              optional(json.path("config_override"), "client_id"),
              optional(json.path("config_override"), "client_secret"));
      case "JWT" ->
          new Credentials.Jwt(
              without((ObjectNode) json, "type", "token", "expires_at"), text(json, "token"), end);
      case "TWO_STEP" ->
          new Credentials.TwoStep(
              without(
                  (ObjectNode) json,
                  "type",
                  "token",
                  "refresh_token",
                  "expires_at",
                  REFRESH_END,
                  "raw"),
              text(json, "token"),
              optional(json, "refresh_token"),
              end,
              end(json, REFRESH_END),
              object(json, "raw"));
      case "APP" ->
          new Credentials.AppInstallation(
              text(json, "installation_id"), text(json, "access_token"), end, object(json, "raw"));
      case "AWS_SIGV4" ->
          new Credentials.AwsRole(
              text(json, "role_arn"),
              text(json, "region"),
              text(json, "access_key_id"),
              text(json, "secret_access_key"),
              text(json, "session_token"),
              end,
              optional(json, "external_id"),
              text(json, "service"),
              object(json, "raw"));
      default ->
          throw new IllegalStateException(
              "a newer Serai stored credentials of type " + json.path("type").asText());
    };
  }

  private static void end(ObjectNode json, String key, @Nullable Instant end) {
    if (end != null) {
      json.put(key, end.toString());
    }
  }

  private static @Nullable Instant end(JsonNode json, String key) {
    return json.hasNonNull(key) ? Instant.parse(text(json, key)) : null;
  }

  private static String text(JsonNode json, String key) {
    return json.path(key).asText("");
  }

  private static @Nullable String optional(JsonNode json, String key) {
    return json.hasNonNull(key) ? json.get(key).asText() : null;
  }

  private static ObjectNode object(JsonNode json, String key) {
    return json.get(key) instanceof ObjectNode object ? object : Json.object();
  }

  private static ObjectNode without(ObjectNode json, String... keys) {
    return json.deepCopy().remove(java.util.List.of(keys));
  }

  private static void present(ObjectNode json, String key, @Nullable String value) {
    if (value != null) {
      json.put(key, value);
    }
  }

  private static ObjectNode typed(Credentials credentials) {
    return Json.object().put("type", credentials.type());
  }
}

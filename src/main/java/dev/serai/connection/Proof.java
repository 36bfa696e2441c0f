package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Origin;
import dev.serai.connection.signature.AwsSignature;
import dev.serai.connection.signature.OAuth1Signature;
import dev.serai.connection.signature.Wsse;
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.Template;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The proof in one request, by auth mode. Holds secrets: lives as long as an attempt. */
record Proof(Connection connection, Grant grant, Supplier<App> apps) {
  private static final InstantSource CLOCK = InstantSource.system();

  HttpCall on(HttpCall call, Auth auth) {
    Credentials credentials = grant.credentials();
    return switch (auth) {
      case Auth.None none -> call;
      case Auth.ApiKey key ->
          put(
              call,
              new Tokens.Place(key.inQuery(), key.name(), key.prefix()),
              credential("apiKey"));
      case Auth.Basic basic -> basic(call, basic);
      case Auth.OAuth2Code code -> put(call, code.place(), credential("access_token"));
      case Auth.OAuth2Client client -> put(call, client.place(), credential("token"));
      case Auth.Jwt jwt -> put(call, jwt.place(), credential("token"));
      case Auth.TwoStep steps -> put(call, steps.place(), credential("token"));
      case Auth.AppInstall app -> put(call, app.place(), credential("access_token"));
      case Auth.OAuth1 oauth when credentials instanceof Credentials.OAuth1 token ->
          oauth1(call, token, oauth);
      case Auth.Tba tba when credentials instanceof Credentials.Tba token ->
          tokens(call, token, tba);
      case Auth.Signature wsse when credentials instanceof Credentials.Signature pair ->
          wsse(call, pair, wsse.hexDigest());
      case Auth.AwsSigV4 aws when credentials instanceof Credentials.AwsRole role ->
          aws(call, role, aws.service().fill(this::value));
      case Auth other ->
          throw new IllegalStateException("credentials and mode were matched by their type");
    };
  }

  /** What a template's place stands for; empty for what nobody gave. */
  String value(String name) {
    int dot = name.indexOf('.');
    String key = name.substring(dot + 1);
    if (name.startsWith("connection_config.")) {
      JsonNode secret = grant.secretConfig().path(key);
      return secret.isMissingNode() ? connection.config().path(key).asText("") : secret.asText("");
    }
    return name.startsWith("credentials.") ? credential(key) : "";
  }

  private String credential(String name) {
    return CredentialJson.write(grant.credentials()).path(name).asText("");
  }

  private static HttpCall put(HttpCall call, Tokens.Place place, String token) {
    String value = place.prefix() + token;
    return place.inQuery()
        ? withQuery(call, place.name(), value)
        : call.withHeader(place.name(), value);
  }

  private HttpCall basic(HttpCall call, Auth.Basic basic) {
    String pair =
        filled(basic.username(), "credentials.username")
            + ":"
            + filled(basic.password(), "credentials.password");
    return call.withHeader(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private String filled(@Nullable Template template, String usual) {
    return template == null ? value(usual) : template.fill(this::value);
  }

  private HttpCall oauth1(HttpCall call, Credentials.OAuth1 token, Auth.OAuth1 auth) {
    Client client = client(token.clientId(), token.clientSecret());
    return signed(
        call,
        new OAuth1Signature(
            client.id,
            client.secret,
            token.token(),
            token.tokenSecret(),
            auth.signature(),
            filledOrNull(auth.realm())));
  }

  private HttpCall tokens(HttpCall call, Credentials.Tba token, Auth.Tba auth) {
    Client client = client(token.clientId(), token.clientSecret());
    return signed(
        call,
        new OAuth1Signature(
            client.id,
            client.secret,
            token.tokenId(),
            token.tokenSecret(),
            auth.signature(),
            filledOrNull(auth.realm())));
  }

  private record Client(String id, String secret) {
    @Override
    public String toString() {
      return "Client[" + id + "]";
    }
  }

  /** The customer's own app where he brought one; else the integration's. */
  private Client client(@Nullable String ownId, @Nullable String ownSecret) {
    if (ownId != null) {
      return new Client(ownId, needed(ownSecret));
    }
    App app = apps.get();
    return new Client(needed(app.clientId()), needed(app.clientSecret()));
  }

  private static HttpCall signed(HttpCall call, OAuth1Signature signature) {
    return call.withHeader(
        "Authorization", signature.header(call.method(), call.uri(), Map.of(), Map.of(), now()));
  }

  private static HttpCall wsse(HttpCall call, Credentials.Signature pair, boolean hex) {
    return call.withHeader("Authorization", "WSSE profile=\"UsernameToken\"")
        .withHeader("X-WSSE", Wsse.header(pair.username(), pair.password(), hex, now()));
  }

  private static HttpCall aws(HttpCall call, Credentials.AwsRole role, String service) {
    return new AwsSignature(
            role.accessKeyId(), role.secretAccessKey(), role.sessionToken(), role.region(), service)
        .sign(call, now());
  }

  private @Nullable String filledOrNull(@Nullable Template template) {
    return template == null ? null : template.fill(this::value);
  }

  private String needed(@Nullable String value) {
    if (value == null) {
      throw new ProviderCallRefused(
          "missing_app",
          Origin.CALLER,
          "%s: integration %s has no client ID and secret: set its credentials"
              .formatted(connection.label(), connection.providerConfigKey()));
    }
    return value;
  }

  private static HttpCall withQuery(HttpCall call, String name, String value) {
    URI uri = call.uri();
    String pair = OutgoingUri.encode(name) + "=" + OutgoingUri.encode(value);
    String text = uri.toString();
    return call.withUri(URI.create(text + (uri.getRawQuery() == null ? "?" : "&") + pair));
  }

  private static Instant now() {
    return CLOCK.instant();
  }

  @Override
  public String toString() {
    return "Proof[hidden]";
  }
}

package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.http.Authorizer;
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import dev.serai.provider.Template;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns a provider's auth mode and a connection's credentials into what signs a request. The
 * credentials are opened anew for each attempt and held by nobody.
 */
final class Authorizers {
  private Authorizers() {}

  static Authorizer of(Provider provider, Connection connection, Supplier<Grant> grants) {
    return provider.auth() instanceof Auth.None && provider.alternatives().isEmpty()
        ? Authorizer.NONE
        : call -> authorized(call, provider, connection, grants.get());
  }

  private static HttpCall authorized(
      HttpCall call, Provider provider, Connection connection, Grant grant) {
    Credentials credentials = grant.credentials();
    Auth auth =
        provider
            .auth(credentials.type())
            .orElseThrow(() ->
                new ProviderCallRefused(
                    "wrong_credentials",
                    Origin.CALLER,
                    "%s has credentials of type %s, but the provider needs %s: reconnect"
                        .formatted(
                            connection.label(),
                            credentials.type(),
                            provider.auth().credentials())));
    return switch (auth) {
      case Auth.None none -> call;
      case Auth.ApiKey key -> apiKey(call, key, credentials);
      case Auth.Basic basic -> basic(call, basic, connection, credentials);
      case Auth.OAuth2Code code -> token(call, code.place(), credentials);
      default ->
          throw new ProviderCallRefused(
              "wrong_credentials",
              Origin.OURS,
              connection.label() + ": " + auth.credentials() + " is not understood yet");
    };
  }

  private static HttpCall apiKey(HttpCall call, Auth.ApiKey key, Credentials credentials) {
    String value = key.prefix() + value(credentials, "credentials.apiKey");
    return key.inQuery() ? withQuery(call, key.name(), value) : call.withHeader(key.name(), value);
  }

  private static HttpCall token(HttpCall call, Auth.Place place, Credentials credentials) {
    String token = credentials instanceof Credentials.OAuth2 oauth ? oauth.accessToken() : "";
    String value = place.prefix() + token;
    return place.inQuery()
        ? withQuery(call, place.name(), value)
        : call.withHeader(place.name(), value);
  }

  private static HttpCall basic(
      HttpCall call, Auth.Basic basic, Connection connection, Credentials credentials) {
    UnaryOperator<String> config = Rendering.values(connection.config());
    UnaryOperator<String> values =
        name -> name.startsWith("credentials.") ? value(credentials, name) : config.apply(name);
    String pair =
        filled(basic.username(), "credentials.username", values)
            + ":"
            + filled(basic.password(), "credentials.password", values);
    return call.withHeader(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private static String filled(
      @Nullable Template template, String usual, UnaryOperator<String> values) {
    return template == null ? values.apply(usual) : template.fill(values);
  }

  private static String value(Credentials credentials, String name) {
    return switch (credentials) {
      case Credentials.ApiKey key when name.equals("credentials.apiKey") -> key.apiKey();
      case Credentials.Basic basic when name.equals("credentials.username") -> basic.username();
      case Credentials.Basic basic when name.equals("credentials.password") -> basic.password();
      case Credentials other -> "";
    };
  }

  private static HttpCall withQuery(HttpCall call, String name, String value) {
    URI uri = call.uri();
    String pair = OutgoingUri.encode(name) + "=" + OutgoingUri.encode(value);
    String text = uri.toString();
    return call.withUri(URI.create(text + (uri.getRawQuery() == null ? "?" : "&") + pair));
  }
}

package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.http.Authorizer;
import dev.serai.http.HttpCall;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import dev.serai.provider.Template;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Turns a provider's auth mode and a connection's credentials into what signs a request. The
 * credentials are opened anew for each attempt and held by nobody.
 */
final class Authorizers {
  private Authorizers() {}

  /**
   * @param apps the developer's app; asked only by modes that sign with it
   */
  static Authorizer of(
      Provider provider, Connection connection, Supplier<Grant> grants, Supplier<App> apps) {
    boolean nothing =
        provider.auth() instanceof Auth.None
            && provider.alternatives().isEmpty()
            && provider.headers().values().stream().noneMatch(provider::secret);
    return nothing
        ? Authorizer.NONE
        : call -> authorized(call, provider, connection, grants.get(), apps);
  }

  private static HttpCall authorized(
      HttpCall call, Provider provider, Connection connection, Grant grant, Supplier<App> apps) {
    Auth auth =
        provider
            .auth(grant.credentials().type())
            .orElseThrow(() -> wrong(provider, connection, grant.credentials()));
    Proof proof = new Proof(connection, grant, apps);
    HttpCall headed = call;
    for (Map.Entry<String, Template> header : provider.headers().entrySet()) {
      if (provider.secret(header.getValue())) {
        headed = headed.withHeader(header.getKey(), header.getValue().fill(proof::value));
      }
    }
    return proof.on(headed, auth);
  }

  private static ProviderCallRefused wrong(
      Provider provider, Connection connection, Credentials credentials) {
    return new ProviderCallRefused(
        "wrong_credentials",
        Origin.CALLER,
        "%s has credentials of type %s, but the provider needs %s: reconnect"
            .formatted(connection.label(), credentials.type(), provider.auth().credentials()));
  }
}

package dev.serai.connection;

import dev.serai.http.Authorizer;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Provider;
import java.util.function.Supplier;

/**
 * Signs the attempts of one call and remembers with what, so that no answer brings it back. For one
 * call, hence for one thread.
 */
final class Signing {
  private final Authorizer authorizer;
  private Credentials used = new Credentials.None();

  Signing(Provider provider, Connection connection, Supplier<Credentials> credentials) {
    this.authorizer = Authorizers.of(provider.auth(), connection, () -> used = credentials.get());
  }

  Authorizer authorizer() {
    return authorizer;
  }

  /** The answer without the credentials. */
  HttpAnswer clean(HttpAnswer answer) {
    return EchoGuard.without(used, answer);
  }
}

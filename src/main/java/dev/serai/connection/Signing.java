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
  private Grant used = Grant.of(new Credentials.None());

  Signing(Provider provider, Connection connection, Supplier<Grant> grants) {
    this.authorizer = Authorizers.of(provider, connection, () -> used = grants.get());
  }

  /** What the last attempt was signed with. */
  Grant used() {
    return used;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  /** The answer without the credentials. */
  HttpAnswer clean(HttpAnswer answer) {
    return EchoGuard.without(used, answer);
  }
}

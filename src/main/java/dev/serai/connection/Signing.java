package dev.serai.connection;

import dev.serai.http.Authorizer;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Signs the attempts of one call and remembers with what, so that no answer brings it back. For one
 * call, hence for one thread.
 */
final class Signing {
  private static final String BASIC = "Basic ";

  private final Provider provider;
  private final Authorizer authorizer;
  private App app = App.NONE;
  private Grant used = Grant.of(new Credentials.None());
  private List<String> derived = List.of();

  Signing(Provider provider, Connection connection, Supplier<Grant> grants, Supplier<App> apps) {
    this.provider = provider;
    this.authorizer =
        remembering(
            Authorizers.of(
                provider, connection, () -> used = grants.get(), () -> app = apps.get()));
  }

  /** A pair of user name and password is known to the provider by its Base64 form, too. */
  private Authorizer remembering(Authorizer inner) {
    return call -> {
      HttpCall signed = inner.authorize(call);
      derived =
          signed.headers().all("Authorization").stream()
              .filter(value -> value.startsWith(BASIC))
              .map(value -> value.substring(BASIC.length()))
              .toList();
      return signed;
    };
  }

  /** What the last attempt was signed with. */
  Grant used() {
    return used;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  /** The answer without the credentials, and without what they were signed with. */
  HttpAnswer clean(HttpAnswer answer) {
    List<String> secrets = new ArrayList<>(derived);
    secrets.addAll(used.secrets(provider));
    secrets.addAll(app.secrets());
    return EchoGuard.without(secrets, answer);
  }
}

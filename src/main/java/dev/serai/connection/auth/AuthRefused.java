package dev.serai.connection.auth;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.Quoting;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that were not to be had: {@code connection_test_failed} (the provider refused what
 * the customer entered), {@code connection_validation_failed} (it refused the consent), {@code
 * invalid_credentials} (what was entered cannot work), {@code missing_app} (the integration lacks
 * the developer's app), {@code invalid_auth_mode}.
 */
public final class AuthRefused extends SeraiException implements Quoting {
  private static final long serialVersionUID = 1L;

  private final @Nullable String said;

  AuthRefused(String code, Origin origin, String message) {
    super(code, origin, message);
    this.said = null;
  }

  /** The provider's no. */
  AuthRefused(String code, String message, @Nullable String said) {
    super(code, Origin.PROVIDER, message);
    this.said = said;
  }

  /** The integration's app lacks something. */
  static AuthRefused app(String integration, String what) {
    return new AuthRefused(
        "missing_app",
        Origin.CALLER,
        "integration %s has no %s: set the credentials of the integration"
            .formatted(integration, what));
  }

  @Override
  public @Nullable String said() {
    return said;
  }
}

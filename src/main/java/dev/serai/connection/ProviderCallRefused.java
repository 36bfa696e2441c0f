package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * A call that was not sent, because it must not be: {@code foreign_link} (a next link to another
 * origin), {@code invalid_base_url}, {@code wrong_credentials}, {@code interrupted}.
 */
public final class ProviderCallRefused extends SeraiException {
  private static final long serialVersionUID = 1L;

  ProviderCallRefused(String code, Origin origin, String message) {
    super(code, origin, message);
  }
}

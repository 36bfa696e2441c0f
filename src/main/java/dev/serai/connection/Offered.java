package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is to prove itself with from now on. {@code toString} never shows it.
 *
 * @param secretConfig the values of the configuration that the provider marks secret, by field;
 *     they replace those that were there
 * @param account who it is at the provider, as the provider declares it; null: nobody said
 */
public record Offered(Credentials credentials, ObjectNode secretConfig, @Nullable String account) {

  /** Credentials with nothing secret beside them, of an account that nobody named. */
  public static Offered of(Credentials credentials) {
    return new Offered(credentials, Json.object(), null);
  }

  /** To try them before they are stored. */
  public Grant grant() {
    return new Grant(credentials, secretConfig, 0);
  }

  @Override
  public String toString() {
    return "Offered[" + credentials.type() + "]";
  }
}

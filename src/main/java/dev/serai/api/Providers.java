package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Integration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the API asks about providers. Implementations are thread-safe and follow reloads. */
public interface Providers {

  /**
   * A provider that is loaded.
   *
   * @param authMode the wire name of how its connections prove themselves: {@code API_KEY}
   * @param shown what may be told of it
   */
  record Entry(String name, String displayName, String authMode, ObjectNode shown) {}

  /** A value of the connection configuration that the provider refuses. */
  record Problem(String field, String message) {}

  Optional<Entry> find(String provider);

  /** The ID of the integration's own app, where connections are installations of it. */
  default Optional<String> installedApp(Integration integration) {
    return Optional.empty();
  }

  /**
   * Credentials with a token: got from the provider where they lack one, else as they are.
   *
   * @throws dev.serai.SeraiException in the provider's own words when it refuses
   */
  default Granted granted(Connection connection, Grant offered) {
    return new Granted(offered.credentials(), Json.object(), null);
  }

  /** Credentials as the wire shows them to whoever may read them. Never log the result. */
  default ObjectNode shown(Connection connection, Credentials credentials) {
    return CredentialJson.write(credentials);
  }

  /** Where the provider sends webhooks of this integration; empty if it sends none. */
  default Optional<String> webhookUrl(Integration integration) {
    return Optional.empty();
  }

  /** Whether calls go to the same addresses by both of these configurations. */
  default boolean sameAddress(String provider, ObjectNode one, ObjectNode other) {
    return true;
  }

  /** The whole address of its picture; also of one that is not loaded. */
  String logo(String provider);

  /** All of them, by name. */
  List<Entry> all();

  /** The wire names of every way its connections may prove themselves, the usual one first. */
  default List<String> authModes(String provider) {
    return find(provider).map(entry -> List.of(entry.authMode())).orElseGet(List::of);
  }

  /**
   * A configuration with the provider's defaults in it, and what is wrong with it.
   *
   * @param secretConfig the values of secret fields, which {@code config} does not have
   */
  record Checked(ObjectNode config, ObjectNode secretConfig, List<Problem> problems) {
    public Checked(ObjectNode config, List<Problem> problems) {
      this(config, Json.object(), problems);
    }

    @Override
    public String toString() {
      return "Checked[problems=" + problems + "]";
    }
  }

  /** The fields of a connection's configuration that are shown to nobody. */
  default Set<String> secretFields(String provider) {
    return Set.of();
  }

  Checked check(String provider, ObjectNode connectionConfig);

  /** Tries the credentials at the provider; empty if they work or it declares no way to try. */
  Optional<String> verify(Connection connection, Credentials credentials);

  /**
   * @param refusal why they are not accepted; null: they are, as far as anybody can tell
   * @param account whose they are, where the provider tells; else null
   */
  record Tried(@Nullable String refusal, @Nullable String account) {}

  /** As {@link #verify(Connection, Grant)}, and says whose credentials they are. */
  default Tried tried(Connection connection, Grant offered) {
    return new Tried(verify(connection, offered).orElse(null), null);
  }

  /** The same, with secret configuration beside the credentials. */
  default Optional<String> verify(Connection connection, Grant offered) {
    return verify(connection, offered.credentials());
  }
}

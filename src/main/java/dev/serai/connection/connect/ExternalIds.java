package dev.serai.connection.connect;

import dev.serai.database.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The external IDs that customers write into the trust policies of their AWS roles: one for each
 * end user of an environment, always the same, of his own choosing to nobody. A role that asks for
 * one end user's ID cannot be claimed by another. Thread-safe.
 */
final class ExternalIds {
  private final ExternalIdStore store;

  ExternalIds(Database database) {
    this.store = new ExternalIdStore(database);
  }

  /** The end user's; where a backend names none, the connection's. */
  String of(int environment, @Nullable String endUser, String connectionId) {
    String subject = endUser == null ? "connection " + connectionId : "end user " + endUser;
    String seed = store.seed(environment);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(seed.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] id = mac.doFinal(subject.getBytes(StandardCharsets.UTF_8));
      return "serai-" + HexFormat.of().formatHex(id, 0, 20);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whose the connection is, as the backend said. */
  Optional<String> endUser(long connection) {
    return store.endUser(connection);
  }
}

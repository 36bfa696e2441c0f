package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.database.Database;
import dev.serai.vault.Vault;
import org.jdbi.v3.core.Handle;

/**
 * Credentials at rest: sealed for the very row they stand in, so that bytes copied to another
 * connection open nothing. Thread-safe.
 */
public final class CredentialVault implements CredentialSource {
  private static final String PURPOSE = "credential";
  private static final String CREDENTIALS = "credentials";
  private static final String SECRET_CONFIG = "secret_config";

  private final CredentialStore store;
  private final Vault vault;

  public CredentialVault(Database database, Vault vault) {
    this.store = new CredentialStore(database);
    this.vault = vault;
  }

  /** What is stored, however old it is. */
  @Override
  public Grant open(Connection connection) {
    return stored(connection.id());
  }

  Grant stored(long connectionId) {
    return open(
        connectionId, store.find(connectionId).orElseThrow(() -> new NoCredentials(connectionId)));
  }

  Grant open(long connectionId, CredentialStore.Sealed row) {
    JsonNode json = Json.parse(vault.openText(PURPOSE, Long.toString(connectionId), row.sealed()));
    // Before configurations had secrets, the credentials were all that was sealed.
    return json.has(CREDENTIALS)
        ? new Grant(
            CredentialJson.read(json.path(CREDENTIALS)),
            (ObjectNode) json.path(SECRET_CONFIG),
            row.generation())
        : new Grant(CredentialJson.read(json), Json.object(), row.generation());
  }

  void put(
      Handle transaction, long connectionId, Credentials credentials, ObjectNode secretConfig) {
    ObjectNode json = Json.object();
    json.set(CREDENTIALS, CredentialJson.write(credentials));
    json.set(SECRET_CONFIG, secretConfig);
    byte[] sealed = vault.seal(PURPOSE, Long.toString(connectionId), Json.write(json));
    store.put(transaction, connectionId, credentials.type(), sealed);
  }

  void drop(Handle transaction, long connectionId) {
    store.drop(transaction, connectionId);
  }

  /** The connection was deleted while somebody worked for it. */
  static final class NoCredentials extends SeraiException {
    private static final long serialVersionUID = 1L;

    NoCredentials(long connectionId) {
      super(
          "unknown_connection",
          Origin.CALLER,
          "The connection has no credentials: it was deleted (connection row: "
              + connectionId
              + ")");
    }
  }
}

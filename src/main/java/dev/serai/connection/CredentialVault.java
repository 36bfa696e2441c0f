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

  private final CredentialStore store;
  private final Vault vault;

  public CredentialVault(Database database, Vault vault) {
    this.store = new CredentialStore(database);
    this.vault = vault;
  }

  @Override
  public Credentials open(long connectionId) {
    byte[] sealed = store.find(connectionId).orElseThrow(() -> new NoCredentials(connectionId));
    JsonNode json = Json.parse(vault.openText(PURPOSE, Long.toString(connectionId), sealed));
    return CredentialJson.read(json);
  }

  void put(Handle transaction, long connectionId, Credentials credentials) {
    ObjectNode json = CredentialJson.write(credentials);
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

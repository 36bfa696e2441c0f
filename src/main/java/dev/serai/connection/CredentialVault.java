package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.database.Database;
import dev.serai.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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
  private final InstantSource clock;

  public CredentialVault(Database database, Vault vault) {
    this(database, vault, InstantSource.system());
  }

  /**
   * @param clock the one by which credentials say when they end; only what is left of them counts
   */
  public CredentialVault(Database database, Vault vault, InstantSource clock) {
    this.store = new CredentialStore(database);
    this.vault = vault;
    this.clock = clock;
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
    byte[] sealed = seal(connectionId, credentials, secretConfig);
    store.put(transaction, connectionId, credentials.type(), sealed, left(credentials));
  }

  /**
   * Seals further values of the configuration beside the credentials, which stay what they are and
   * of the same generation: a renewal that is under way goes on. Those that are sealed already
   * stay. The caller holds the connection.
   */
  void add(Handle transaction, long connectionId, ObjectNode more) {
    boolean done = false;
    while (!done) { // a rotation of keys holds nothing
      CredentialStore.Sealed there =
          store.find(transaction, connectionId).orElseThrow(() -> new NoCredentials(connectionId));
      Grant grant = open(connectionId, there);
      ObjectNode whole = more.deepCopy().setAll(grant.secretConfig());
      byte[] sealed = seal(connectionId, grant.credentials(), whole);
      done = store.reseal(transaction, connectionId, there.sealed(), sealed);
    }
  }

  /**
   * Replaces the credentials of this generation, and keeps what was {@linkplain #add added} since
   * somebody opened them. An end that is past at once is believed of entered credentials, but not
   * of fresh ones: they would be renewed at every call.
   *
   * @param late they are not fresh: they waited, and may have ended meanwhile
   * @throws IllegalStateException when they were changed although their connection is held
   */
  void renew(
      Handle transaction,
      long connectionId,
      long generation,
      Credentials credentials,
      ObjectNode secretConfig,
      boolean late) {
    ObjectNode whole =
        store
            .find(transaction, connectionId)
            .map(there -> open(connectionId, there).secretConfig().deepCopy())
            .orElseGet(Json::object)
            .setAll(secretConfig);
    byte[] sealed = seal(connectionId, credentials, whole);
    Duration left = left(credentials);
    if (!store.renew(
        transaction,
        connectionId,
        generation,
        credentials.type(),
        sealed,
        left == null || left.isPositive() || late ? left : null)) {
      throw new IllegalStateException("credentials were changed by somebody who held nothing");
    }
  }

  private byte[] seal(long connectionId, Credentials credentials, ObjectNode secretConfig) {
    ObjectNode json = Json.object();
    json.set(CREDENTIALS, CredentialJson.write(credentials));
    json.set(SECRET_CONFIG, secretConfig);
    return vault.seal(PURPOSE, Long.toString(connectionId), Json.write(json));
  }

  private @Nullable Duration left(Credentials credentials) {
    Instant end = credentials.expiresAt();
    return end == null ? null : Duration.between(clock.instant(), end);
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

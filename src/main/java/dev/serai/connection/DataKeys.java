package dev.serai.connection;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.serai.connection.DataKeyStore.Sealed;
import dev.serai.database.Database;
import dev.serai.vault.DataKey;
import dev.serai.vault.Vault;
import dev.serai.vault.VaultException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * One data key per connection, sealed by the master key for that connection. A connection that is
 * deleted loses it in the same transaction: what it sealed is erased then, though it may still be
 * stored. This node forgets the key with that commit, every other one within {@link #REMEMBERED}.
 * Thread-safe; cheap to ask.
 */
public final class DataKeys implements ConnectionListener {
  /** How long a node uses a key without asking whether it is still there. */
  public static final Duration REMEMBERED = Duration.ofSeconds(30);

  private static final String PURPOSE = "data_key";
  private static final int MOST = 50_000;

  private final DataKeyStore store;
  private final Vault vault;
  private final LoadingCache<Long, DataKey> byConnection;
  private final LoadingCache<Long, DataKey> byId;

  public DataKeys(Database database, Vault vault) {
    this(database, vault, Ticker.systemTicker());
  }

  DataKeys(Database database, Vault vault, Ticker ticker) {
    this.store = new DataKeyStore(database);
    this.vault = vault;
    Caffeine<Object, Object> cache =
        Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).ticker(ticker);
    // What throws is not remembered: a key made meanwhile is found at once.
    this.byConnection = cache.build(this::findOrCreate);
    this.byId = cache.build(this::find);
  }

  /**
   * The connection's key, made if it has none, in a transaction of its own. Not for callers inside
   * a transaction: it may wait for a connection of the same pool.
   *
   * @throws VaultException {@code data_key_gone} if the connection was deleted
   */
  public DataKey current(long connection) {
    return byConnection.get(connection);
  }

  /**
   * The key something was sealed with. May be called inside a transaction.
   *
   * @throws VaultException {@code data_key_gone} if it was dropped: what it sealed is erased
   */
  public DataKey key(long id) {
    return byId.get(id);
  }

  @Override
  public void created(Handle transaction, Connection connection) {
    // A key is made when the first payload is to be sealed.
  }

  @Override
  public void deleted(Handle transaction, Connection connection) {
    drop(transaction, connection.id());
  }

  /** Erases what the connection's key sealed, as soon as the transaction commits. */
  public void drop(Handle transaction, long connection) {
    store
        .drop(transaction, connection)
        .ifPresent(id ->
            transaction.afterCommit(() -> {
              byConnection.invalidate(connection);
              byId.invalidate(id);
            }));
  }

  private DataKey find(long id) {
    return store.find(id).map(this::open).orElseThrow(() -> VaultException.dataKeyGone(id));
  }

  private DataKey findOrCreate(long connection) {
    return store
        .ofConnection(connection)
        .or(() -> {
          byte[] sealed = vault.seal(PURPOSE, Long.toString(connection), DataKey.fresh());
          store.create(connection, sealed);
          return store.ofConnection(connection);
        })
        .map(this::open)
        .orElseThrow(() -> VaultException.noDataKey(connection));
  }

  private DataKey open(Sealed row) {
    return new DataKey(
        row.id(), vault.open(PURPOSE, Long.toString(row.connection()), row.sealed()));
  }
}

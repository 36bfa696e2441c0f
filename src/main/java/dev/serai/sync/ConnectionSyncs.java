package dev.serai.sync;

import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionListener;
import dev.serai.database.Database;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the sync rows in step with connections and routes. Thread-safe. */
public final class ConnectionSyncs implements ConnectionListener {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionSyncs.class);
  private static final int BATCH = 1_000;

  private final Database database;
  private final SyncRegistry registry;
  private final SyncStore store = new SyncStore();
  private final RouteSyncStore routeStore = new RouteSyncStore();

  public ConnectionSyncs(Database database, SyncRegistry registry) {
    this.database = database;
    this.registry = registry;
  }

  /** A new connection's syncs are due at once, or when it is prepared. */
  @Override
  public void created(Handle transaction, Connection connection) {
    for (SyncDefinition definition : registry.of(connection.provider())) {
      store.create(
          transaction,
          connection.id(),
          connection.tenant(),
          connection.provider(),
          new SyncControl.Name(definition.name(), "base"));
    }
  }

  @Override
  public void overridden(Handle transaction, Connection connection) {
    store.blockPreparing(transaction, connection.id());
    store.unblock(transaction, connection.id());
  }

  /** Its grant is over: nothing is read, and nobody asks its provider, until somebody mends it. */
  @Override
  public void stopped(Handle transaction, Connection connection) {
    store.block(transaction, connection.id());
  }

  @Override
  public void resumed(Handle transaction, Connection connection) {
    store.unblock(transaction, connection.id());
  }

  @Override
  public void deleted(Handle transaction, Connection connection) {
    store.delete(transaction, connection.id());
  }

  /**
   * After the routes are loaded: makes rows for connections that lack them, in batches; parks the
   * syncs whose route is gone and takes up those whose route is back. Safe to repeat and to race.
   *
   * @return how many syncs were made
   * @param broken providers that could not be loaded: their syncs wait instead of being parked
   */
  public int reconcile(Set<String> broken) {
    int made = 0;
    for (SyncDefinition definition : registry.all()) {
      int batch;
      do {
        batch =
            database.inTransaction(
                handle -> routeStore.fill(handle, definition.provider(), definition.name(), BATCH));
        made += batch;
      } while (batch > 0);
    }
    String[] routes = registry.all().stream().map(SyncDefinition::key).toArray(String[]::new);
    int back = database.inTransaction(handle -> routeStore.unpark(handle, routes));
    int parked =
        database.inTransaction(
            handle -> routeStore.park(handle, routes, broken.toArray(String[]::new)));
    if (back + parked > 0) {
      LOG.info("{} syncs parked because their route is gone, {} taken up again", parked, back);
    }
    return made;
  }
}

package dev.serai.connection;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Makes a grant as new when somebody reconnects, or mends the integration's app: inside the
 * transaction that does so. Thread-safe.
 */
public final class GrantHealing implements ConnectionListener, AppListener {
  private final ConnectionStore connections;
  private final List<ConnectionListener> listeners;
  private final GrantStore store = new GrantStore();

  /**
   * @param listeners told of those that go on because of the app
   */
  public GrantHealing(ConnectionStore connections, List<ConnectionListener> listeners) {
    this.connections = connections;
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void created(Handle transaction, Connection connection) {}

  @Override
  public void overridden(Handle transaction, Connection connection) {
    store.heal(transaction, connection.id());
  }

  @Override
  public void deleted(Handle transaction, Connection connection) {
    store.drop(transaction, connection.id());
  }

  /**
   * What failed by the old app is tried again; what the customer ended stays ended. Renewals under
   * way go on: a token that they bring is as good as any.
   */
  @Override
  public void appChanged(Handle transaction, Integration integration) {
    List<Long> mended = store.holdMisconfigured(transaction, integration.id());
    for (long id : mended) {
      store.mend(transaction, id);
      connections
          .find(transaction, id)
          .ifPresent(connection ->
              listeners.forEach(listener -> listener.resumed(transaction, connection)));
    }
  }
}

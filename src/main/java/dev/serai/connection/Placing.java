package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connection.Connections.Imported;
import dev.serai.connection.Connections.Right;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Puts connections where they belong, and takes them away; everything in its caller's transaction.
 */
final class Placing {
  private final IntegrationStore integrations;
  private final ConnectionStore store;
  private final Identity identity;
  private final CredentialVault vault;
  private final List<ConnectionListener> listeners;

  Placing(
      IntegrationStore integrations,
      ConnectionStore store,
      CredentialVault vault,
      Identity identity,
      List<ConnectionListener> listeners) {
    this.integrations = integrations;
    this.store = store;
    this.vault = vault;
    this.identity = identity;
    this.listeners = List.copyOf(listeners);
  }

  Imported put(
      Handle transaction,
      Integration integration,
      String connectionId,
      Offered offered,
      ConnectionChange change,
      Right right) {
    return integrations
        .hold(transaction, integration.id())
        .map(held -> {
          Asked asked = new Asked(held, connectionId, offered, change);
          return right.create()
              ? created(transaction, asked).orElseGet(() -> over(transaction, asked, right))
              : over(transaction, asked, right);
        })
        .orElseGet(Imported.NoIntegration::new);
  }

  private record Asked(
      Integration integration, String id, Offered offered, ConnectionChange change) {}

  /** Empty if it is there, and locked. */
  private Optional<Imported> created(Handle handle, Asked asked) {
    ConnectionState fresh = asked.change().on(ConnectionState.empty(asked.id()));
    boolean created = store.insert(handle, asked.integration(), fresh);
    // Whoever deletes the row between these two statements makes room for the next insert.
    while (!created
        && store.lock(handle, asked.integration().id(), List.of(asked.id())).isEmpty()) {
      created = store.insert(handle, asked.integration(), fresh);
    }
    return created ? Optional.of(begun(handle, asked)) : Optional.empty();
  }

  /** The row was just inserted. */
  private Imported begun(Handle handle, Asked asked) {
    ConnectionDetails details = get(handle, asked.integration(), asked.id());
    keep(handle, details.connection(), asked.offered());
    listeners.forEach(listener -> listener.created(handle, details.connection()));
    return new Imported.Created(details);
  }

  private Imported over(Handle handle, Asked asked, Right right) {
    long integration = asked.integration().id();
    if (store.lock(handle, integration, List.of(asked.id())).isEmpty()) {
      return new Imported.Missing();
    }
    if (!right.override()) {
      return new Imported.Exists();
    }
    ConnectionDetails there = get(handle, asked.integration(), asked.id());
    if (right.only() != null && there.connection().id() != right.only()) {
      return new Imported.Missing();
    }
    ConnectionState state = asked.change().on(ConnectionState.of(there));
    Optional<Imported.OtherAccount> other =
        identity.difference(handle, there.connection(), state.config(), asked.offered(), right);
    if (other.isPresent()) {
      if (!right.replace()) {
        return other.get();
      }
      delete(handle, there.connection());
      store.insert(handle, asked.integration(), state);
      Imported begun = begun(handle, asked);
      Connection fresh = get(handle, asked.integration(), asked.id()).connection();
      listeners.forEach(listener -> listener.replaced(handle, there.connection(), fresh));
      return begun;
    }
    store.update(handle, integration, state);
    ConnectionDetails details = get(handle, asked.integration(), asked.id());
    keep(handle, details.connection(), asked.offered());
    listeners.forEach(listener -> listener.overridden(handle, details.connection()));
    return new Imported.Overridden(details);
  }

  private void keep(Handle handle, Connection connection, Offered offered) {
    identity.keep(handle, connection, offered);
    vault.put(handle, connection.id(), offered.credentials(), offered.secretConfig());
  }

  private ConnectionDetails get(Handle handle, Integration integration, String connectionId) {
    return store.find(handle, integration.id(), connectionId).orElseThrow();
  }

  /** Whether the right lets this very connection go for another account's. */
  boolean replaces(
      Handle handle, Connection there, Offered offered, ConnectionChange change, Right right) {
    ObjectNode config = change.config() == null ? there.config() : change.config();
    return right.override()
        && right.replace()
        && (right.only() == null || right.only() == there.id())
        && identity.difference(handle, there, config, offered, right).isPresent();
  }

  void delete(Handle handle, Connection connection) {
    listeners.forEach(listener -> listener.deleted(handle, connection));
    vault.drop(handle, connection.id());
    store.delete(handle, connection.id());
  }
}

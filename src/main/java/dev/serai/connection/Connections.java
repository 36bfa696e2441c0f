package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The life of connections. Every change is one transaction, listeners included: a connection has
 * its credentials and its syncs, or does not exist. Thread-safe.
 */
public final class Connections {
  private final Database database;
  private final IntegrationStore integrations;
  private final ConnectionStore store;
  private final CredentialVault vault;
  private final List<ConnectionListener> listeners;
  private final Consumer<Connection> leaving;

  public Connections(
      Database database,
      IntegrationStore integrations,
      ConnectionStore store,
      CredentialVault vault,
      List<ConnectionListener> listeners) {
    this(database, integrations, store, vault, listeners, connection -> {});
  }

  /**
   * @param leaving told of a connection before it is deleted by its id, outside of any transaction;
   *     bounded, and never throws
   */
  public Connections(
      Database database,
      IntegrationStore integrations,
      ConnectionStore store,
      CredentialVault vault,
      List<ConnectionListener> listeners,
      Consumer<Connection> leaving) {
    this.database = database;
    this.integrations = integrations;
    this.store = store;
    this.vault = vault;
    this.listeners = List.copyOf(listeners);
    this.leaving = leaving;
  }

  /** What became of an import. */
  public sealed interface Imported {
    record Created(ConnectionDetails details) implements Imported {}

    /** The connection was there: its credentials and what was given are replaced. */
    record Overridden(ConnectionDetails details) implements Imported {}

    /** Somebody deleted the integration meanwhile. */
    record NoIntegration() implements Imported {}

    /** The connection was there and may not be overridden. */
    record Exists() implements Imported {}

    /** The connection that was to be overridden is not there any more. */
    record Missing() implements Imported {}

    /** The credentials are another account's than the connection's. */
    record OtherAccount(String there, String offered) implements Imported {}
  }

  /**
   * What whoever brings credentials may do with them.
   *
   * @param create make the connection if it is not there
   * @param override replace the credentials of one that is there
   * @param replace if it is another account's, put a new connection of the same id in its place:
   *     with syncs and collections of its own, so that no record and no cursor of the old one fits
   * @param only the row id of the one connection that may be overridden; null: whichever it is
   */
  public record Right(boolean create, boolean override, boolean replace, @Nullable Long only) {
    /** Of a backend with an API key. */
    public static final Right FULL = new Right(true, true, true, null);
  }

  /** Creates the connection, or overrides or replaces the one of the same id. */
  public Imported put(
      Integration integration, String connectionId, Offered offered, ConnectionChange change) {
    return put(integration, connectionId, offered, change, Right.FULL);
  }

  /** As far as the right goes. */
  public Imported put(
      Integration integration,
      String connectionId,
      Offered offered,
      ConnectionChange change,
      Right right) {
    return database.inTransaction(
        handle -> put(handle, integration, connectionId, offered, change, right));
  }

  /** As far as the right goes, in the caller's transaction. */
  public Imported put(
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

  private static ConnectionState empty(String connectionId) {
    return new ConnectionState(connectionId, null, Json.object(), null, Json.object(), null);
  }

  /** Empty if it is there, and locked. */
  private Optional<Imported> created(Handle handle, Asked asked) {
    ConnectionState fresh = asked.change().on(empty(asked.id()));
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
    String known = store.account(handle, there.connection().id()).orElse(null);
    String offered = asked.offered().account();
    if (known != null && offered != null && !known.equals(offered)) {
      if (!right.replace()) {
        return new Imported.OtherAccount(known, offered);
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
    String account = offered.account();
    if (account != null) { // what was known of a connection stays the best that is known
      store.setAccount(handle, connection.id(), account);
    }
    vault.put(handle, connection.id(), offered.credentials(), offered.secretConfig());
  }

  private ConnectionDetails get(Handle handle, Integration integration, String connectionId) {
    return store.find(handle, integration.id(), connectionId).orElseThrow();
  }

  /** The secret values of a connection's configuration, to be carried over by an override. */
  public ObjectNode secretConfig(Connection connection) {
    return vault.stored(connection.id()).secretConfig();
  }

  /** What a connection would be after the change, so that it can be checked before it is made. */
  public Connection preview(
      Integration integration,
      String environmentName,
      String connectionId,
      ConnectionChange change) {
    ConnectionState old =
        store
            .find(integration.id(), connectionId)
            .map(ConnectionState::of)
            .orElse(empty(connectionId));
    ConnectionState state = change.on(old);
    return new Connection(
        0,
        integration.environment(),
        environmentName,
        integration.id(),
        integration.uniqueKey(),
        integration.provider(),
        connectionId,
        state.tenant(integration.id()),
        state.config(),
        state.metadata(),
        state.webhookUrlOverride());
  }

  public Optional<ConnectionDetails> find(Integration integration, String connectionId) {
    return store.find(integration.id(), connectionId);
  }

  /** By its row id. */
  public Optional<ConnectionDetails> find(long id) {
    return store.find(id).flatMap(there -> store.find(there.integration(), there.connectionId()));
  }

  public Optional<Connection> find(int environment, String providerConfigKey, String connectionId) {
    return store.find(environment, providerConfigKey, connectionId);
  }

  public List<Connection> ofIntegration(Integration integration) {
    return store.ofIntegration(integration.id());
  }

  public List<ConnectionDetails> list(int environment, ConnectionFilter filter) {
    return store.list(environment, filter);
  }

  /** Notes that a backend asked for the credentials. */
  public void fetched(Connection connection) {
    store.fetched(connection.id());
  }

  /** False if there is no such connection. */
  public boolean change(Integration integration, String connectionId, ConnectionChange change) {
    return database.inTransaction(handle -> {
      store.lock(handle, integration.id(), List.of(connectionId));
      Optional<ConnectionDetails> there = store.find(handle, integration.id(), connectionId);
      there.ifPresent(details ->
          store.update(handle, integration.id(), change.on(ConnectionState.of(details))));
      return there.isPresent();
    });
  }

  /** How metadata is written. */
  public enum MetadataMode {
    REPLACE,
    /** Top-level keys are replaced, the others stay. */
    MERGE
  }

  /**
   * Writes the metadata of all these connections, or of none.
   *
   * @return the ids that do not exist; empty if it was done
   */
  public Set<String> metadata(
      Integration integration, Set<String> ids, MetadataMode mode, ObjectNode metadata) {
    List<String> all = List.copyOf(ids);
    return database.inTransaction(handle -> {
      Set<String> missing = new HashSet<>(ids);
      missing.removeAll(store.lock(handle, integration.id(), all));
      if (missing.isEmpty()) {
        switch (mode) {
          case REPLACE -> store.setMetadata(handle, integration.id(), all, metadata);
          case MERGE -> store.mergeMetadata(handle, integration.id(), all, metadata);
        }
      }
      return missing;
    });
  }

  /** False if there is no such connection. Its records stay until housekeeping removes them. */
  public boolean delete(Integration integration, String connectionId) {
    find(integration, connectionId).map(ConnectionDetails::connection).ifPresent(leaving);
    return database.inTransaction(handle -> {
      store.lock(handle, integration.id(), List.of(connectionId));
      Optional<ConnectionDetails> there = store.find(handle, integration.id(), connectionId);
      there.ifPresent(details -> delete(handle, details.connection()));
      return there.isPresent();
    });
  }

  private void delete(Handle handle, Connection connection) {
    listeners.forEach(listener -> listener.deleted(handle, connection));
    vault.drop(handle, connection.id());
    store.delete(handle, connection.id());
  }

  /** Deletes the integration with all its connections; false if it is gone already. */
  public boolean deleteIntegration(Integration integration) {
    return database.inTransaction(handle -> {
      boolean deleted = integrations.delete(handle, integration.id());
      if (deleted) {
        for (Connection connection : store.lockAll(handle, integration.id())) {
          delete(handle, connection);
        }
      }
      return deleted;
    });
  }
}

package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.vault.VaultException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of connections. Every change is one transaction, listeners included: a connection has
 * its credentials and its syncs, or does not exist. Thread-safe.
 */
public final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final Database database;
  private final IntegrationStore integrations;
  private final ConnectionStore store;
  private final MetadataStore metadataStore = new MetadataStore();
  private final CredentialVault vault;
  private final Placing placing;
  private final Consumer<List<Connection>> leaving;

  public Connections(
      Database database,
      IntegrationStore integrations,
      ConnectionStore store,
      CredentialVault vault,
      List<ConnectionListener> listeners) {
    this(database, integrations, store, vault, listeners, going -> {});
  }

  public Connections(
      Database database,
      IntegrationStore integrations,
      ConnectionStore store,
      CredentialVault vault,
      List<ConnectionListener> listeners,
      Consumer<List<Connection>> leaving) {
    this(database, integrations, store, vault, listeners, leaving, there -> "");
  }

  /**
   * @param leaving told of connections before somebody deletes them, or their integration, or puts
   *     another account's in their place; outside of any transaction, bounded, never throws
   * @param addresses where a connection is called: another address is another account's; empty: its
   *     configuration does not say
   */
  public Connections(
      Database database,
      IntegrationStore integrations,
      ConnectionStore store,
      CredentialVault vault,
      List<ConnectionListener> listeners,
      Consumer<List<Connection>> leaving,
      Function<Connection, String> addresses) {
    this.database = database;
    this.integrations = integrations;
    this.store = store;
    this.vault = vault;
    this.placing = new Placing(integrations, store, vault, new Identity(addresses), listeners);
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

    /** The credentials are another account's than the connection's, or lead to another address. */
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
   * @param unnamed credentials that name no account are believed to be those of the connection:
   *     only of a backend, which knows its customers
   */
  public record Right(
      boolean create, boolean override, boolean replace, @Nullable Long only, boolean unnamed) {
    /** Of a backend with an API key. */
    public static final Right FULL = backend(true);

    public Right(boolean create, boolean override, boolean replace, @Nullable Long only) {
      this(create, override, replace, only, false);
    }

    public static Right backend(boolean replace) {
      return new Right(true, true, replace, null, true);
    }
  }

  /** Creates the connection, or overrides or replaces the one of the same id. */
  public Imported put(
      Integration integration, String connectionId, Offered offered, ConnectionChange change) {
    return put(integration, connectionId, offered, change, Right.FULL);
  }

  /** As far as the right goes; who is to be replaced takes leave first. */
  public Imported put(
      Integration integration,
      String connectionId,
      Offered offered,
      ConnectionChange change,
      Right right) {
    replaced(integration, connectionId, offered, change, right).ifPresent(this::takeLeave);
    return database.inTransaction(
        handle -> put(handle, integration, connectionId, offered, change, right));
  }

  /** The connection of another account whose place {@code put} would take, as things stand. */
  public Optional<Connection> replaced(
      Integration integration,
      String connectionId,
      Offered offered,
      ConnectionChange change,
      Right right) {
    return find(integration, connectionId)
        .map(ConnectionDetails::connection)
        .filter(there ->
            database.read(handle -> placing.replaces(handle, there, offered, change, right)));
  }

  /**
   * Lets a connection say goodbye at its provider, where its grant may end: only for one that is
   * certain to go.
   */
  public void takeLeave(Connection there) {
    leaving.accept(List.of(there));
  }

  /** As far as the right goes, in the caller's transaction. */
  public Imported put(
      Handle transaction,
      Integration integration,
      String connectionId,
      Offered offered,
      ConnectionChange change,
      Right right) {
    return placing.put(transaction, integration, connectionId, offered, change, right);
  }

  /**
   * The secret values of a connection's configuration, to be carried over by an override. None of
   * what opens no more: it has to be given again, as the credentials are just now.
   */
  public ObjectNode secretConfig(Connection connection) {
    try {
      return vault.stored(connection.id()).secretConfig().deepCopy();
    } catch (VaultException e) {
      LOG.warn("{}: its secrets open no more and are replaced: {}", connection.label(), e.code());
      return Json.object();
    }
  }

  /**
   * Whether the account is one of a live connection, to the same provider in the same environment,
   * that is neither the candidate's nor of the same end user.
   *
   * @param endUser null: nobody has said who it is
   */
  public boolean heldByAnother(
      Handle transaction, Connection candidate, String account, @Nullable String endUser) {
    return new AccountStore().heldByAnother(transaction, candidate, account, endUser);
  }

  /** What a connection proves itself with now; lives as long as it is looked at. */
  public Grant stored(Connection connection) {
    return vault.stored(connection.id());
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
            .orElse(ConnectionState.empty(connectionId));
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
          case REPLACE -> metadataStore.set(handle, integration.id(), all, metadata);
          case MERGE -> metadataStore.merge(handle, integration.id(), all, metadata);
        }
      }
      return missing;
    });
  }

  /** False if there is no such connection. Its records stay until housekeeping removes them. */
  public boolean delete(Integration integration, String connectionId) {
    find(integration, connectionId).ifPresent(there -> leaving.accept(List.of(there.connection())));
    return database.inTransaction(handle -> {
      store.lock(handle, integration.id(), List.of(connectionId));
      Optional<ConnectionDetails> there = store.find(handle, integration.id(), connectionId);
      there.ifPresent(details -> placing.delete(handle, details.connection()));
      return there.isPresent();
    });
  }

  /** Deletes the integration with all its connections; false if it is gone already. */
  public boolean deleteIntegration(Integration integration) {
    leaving.accept(store.ofIntegration(integration.id()));
    return database.inTransaction(handle -> {
      boolean deleted = integrations.delete(handle, integration.id());
      if (deleted) {
        for (Connection connection : store.lockAll(handle, integration.id())) {
          placing.delete(handle, connection);
        }
      }
      return deleted;
    });
  }
}

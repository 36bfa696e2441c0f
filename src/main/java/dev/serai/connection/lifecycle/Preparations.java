package dev.serai.connection.lifecycle;

import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionListener;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.CredentialVault;
import dev.serai.database.Database;
import dev.serai.database.DatabaseTrouble;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a provider's {@code created} route once a connection was made or got new credentials, at
 * least once, until it succeeds; its syncs wait for that. That a connection waits is written in the
 * transaction that makes it; what the route found out, the end of the waiting and the syncs are one
 * transaction again. Of several nodes one does it; if it dies, another begins anew when the lease
 * is over. Thread-safe.
 */
public final class Preparations implements ConnectionListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Preparations.class);
  private static final int AT_ONCE = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LEASE = LIMIT.multipliedBy(2);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** From this failure in a row on, the connection's errors tell of it. */
  static final int VISIBLE = 3;

  /** So often a node looks for a route that its provider does not have before it does without. */
  static final int GIVEN_UP = 5;

  /** What preparing works with; {@code working} is told when a connection may begin its work. */
  public record Rooms(
      Database database,
      ConnectionStore connections,
      CredentialVault vault,
      Supplier<Catalogue> catalogue,
      LifecycleRoutes routes,
      List<ConnectionListener> working) {}

  private final Rooms rooms;
  private final PreparationStore store;
  private final LifecycleRun run;
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("preparing connections");
  private volatile boolean closed;

  public Preparations(Rooms rooms) {
    this(rooms, LIMIT);
  }

  Preparations(Rooms rooms, Duration limit) {
    this.rooms = rooms;
    this.store = new PreparationStore(rooms.database());
    this.run = new LifecycleRun(Event.CREATED, limit);
  }

  /** To be called before the listener that makes the syncs: they begin blocked. */
  @Override
  public void created(Handle transaction, Connection connection) {
    if (declared(connection.provider())) {
      store.mark(transaction, connection.id());
      transaction.afterCommit(this::wake);
    }
  }

  @Override
  public void overridden(Handle transaction, Connection connection) {
    created(transaction, connection);
  }

  @Override
  public void deleted(Handle transaction, Connection connection) {}

  // The file counts, not only the loaded route: a connection must not slip through unprepared
  // because its provider's routes are just being loaded, or the file is broken.
  private boolean declared(String provider) {
    return rooms.routes().find(provider, Event.CREATED).isPresent()
        || provider(provider)
            .map(Provider::folder)
            .filter(folder -> LifecycleRoutes.declares(folder, Event.CREATED))
            .isPresent();
  }

  private Optional<Provider> provider(String name) {
    return rooms.catalogue().get().find(name);
  }

  /** Begins to work on what is due, in the background. */
  public void wake() {
    if (!closed && slots.tryAcquire()) {
      Thread.ofVirtual().name("prepare connections").start(this::work);
    }
  }

  private void work() {
    try {
      Optional<PreparationStore.Claim> claim = next();
      while (claim.isPresent()) {
        wake(); // where one is due, more may be
        prepare(claim.get());
        claim = next();
      }
      trouble.over();
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.is(e)) {
        throw e;
      }
      trouble.met(e);
    } finally {
      slots.release();
    }
  }

  private Optional<PreparationStore.Claim> next() {
    return closed ? Optional.empty() : store.claim(LEASE);
  }

  private void prepare(PreparationStore.Claim claim) {
    Connection connection = rooms.connections().find(claim.connection()).orElse(null);
    if (connection == null) {
      return; // deleted meanwhile
    }
    try {
      Prepared prepared = prepared(connection, claim.attempt());
      if (applied(claim, prepared, connection)) {
        LOG.info("{}: prepared, attempt {}", connection.label(), claim.attempt());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      if (e instanceof RuntimeException unchecked && DatabaseTrouble.is(unchecked)) {
        throw unchecked;
      }
      failed(claim, connection, e);
    }
  }

  private Prepared prepared(Connection connection, int attempt) throws Exception {
    Optional<LifecycleRoute> route = rooms.routes().find(connection.provider(), Event.CREATED);
    Optional<Provider> provider = provider(connection.provider());
    if (route.isEmpty()) {
      // A provider may give up its route. But this may be a node that is yet to get the route.
      boolean givenUp =
          provider.isPresent() && !declared(connection.provider()) && attempt >= GIVEN_UP;
      if (!givenUp) {
        throw LifecycleFailure.notLoaded(connection, Event.CREATED);
      }
      return Prepared.nothing();
    }
    Prepared prepared = Prepared.read(connection, run.of(route.get(), connection));
    if (provider.isPresent() && !prepared.config().isEmpty()) {
      prepared.check(connection, provider.get(), rooms.vault().open(connection).secretConfig());
    }
    return prepared;
  }

  private boolean applied(PreparationStore.Claim claim, Prepared prepared, Connection connection) {
    return rooms
        .database()
        .inTransaction(handle -> {
          boolean applied = store.apply(handle, claim, prepared);
          if (applied && claim.attempt() > VISIBLE) {
            rooms.working().forEach(listener -> listener.preparedAtLast(handle, connection));
          }
          if (applied && !store.over(handle, connection.id())) {
            rooms.working().forEach(listener -> listener.resumed(handle, connection));
          }
          return applied;
        });
  }

  private void failed(PreparationStore.Claim claim, Connection connection, Exception failure) {
    Duration pause = pause(claim.attempt());
    LOG.warn(
        "{}: not prepared, its syncs wait; attempt {} failed, the next is in {} s ({}): {}",
        connection.label(),
        claim.attempt(),
        pause.toSeconds(),
        PreparationStore.entry(claim),
        LifecycleRun.told(failure));
    rooms
        .database()
        .useTransaction(handle -> {
          boolean visible = claim.attempt() >= VISIBLE;
          boolean ours = store.postpone(handle, claim, pause, visible);
          if (ours && claim.attempt() == VISIBLE) {
            String why =
                "%d attempts to prepare the connection failed; its syncs wait, and it is tried again: %s"
                    .formatted(VISIBLE, LifecycleRun.told(failure));
            rooms.working().forEach(listener -> listener.unprepared(handle, connection, why));
          }
        });
  }

  /** Doubled with every failure, and a little later, so that what failed together parts. */
  private static Duration pause(int attempt) {
    long doubled = FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 20);
    long pause = Math.min(doubled, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(pause + ThreadLocalRandom.current().nextLong(1 + pause / 5));
  }

  /** Waits a little for what is under way; what is cut off begins anew after its lease. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    var unused = slots.tryAcquire(AT_ONCE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}

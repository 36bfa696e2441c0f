package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;

/** Takes, keeps and gives back the right to renew one connection. Thread-safe. */
final class RefreshJournal {
  private static final int MOST_DOUBLINGS = 20;

  private final RefreshRooms rooms;
  private final RefreshStore store;
  private final GrantStore grants = new GrantStore();

  RefreshJournal(RefreshRooms rooms, RefreshStore store) {
    this.rooms = rooms;
    this.store = store;
  }

  /** What came of asking for the right to renew. */
  sealed interface Taken {
    /** It is ours until the fence is passed; {@code standing} was read behind it. */
    record Ours(long fence, Standing standing) implements Taken {}

    /** Somebody who lives is renewing. */
    record Held() implements Taken {}

    /** There is nothing to renew. */
    record Settled(RefreshOutcome outcome) implements Taken {}
  }

  /**
   * @param seen the generation that is not good enough any more
   */
  Taken take(long connection, long seen) {
    RefreshSettings settings = rooms.settings();
    return rooms
        .database()
        .inTransaction(handle -> {
          OptionalLong fence = store.lease(handle, connection, settings.owner(), settings.lease());
          // A statement of its own: it sees what the owner before committed.
          Standing standing = store.find(handle, connection).orElse(null);
          if (standing == null) {
            throw new CredentialVault.NoCredentials(connection);
          }
          Optional<RefreshOutcome> settled = settled(standing, seen);
          if (settled.isPresent()) {
            fence.ifPresent(ours -> store.release(handle, connection, ours));
            return new Taken.Settled(settled.get());
          }
          return fence.isPresent() ? new Taken.Ours(fence.getAsLong(), standing) : new Taken.Held();
        });
  }

  private static Optional<RefreshOutcome> settled(Standing standing, long seen) {
    if (standing.generation() != seen) {
      return Optional.of(new RefreshOutcome.Moved(standing.generation()));
    }
    if (standing.over() && !standing.mendable()) {
      return Optional.of(
          new RefreshOutcome.Over(standing.state(), standing.code(), standing.reason(), false));
    }
    return standing.tooEarly()
        ? Optional.of(
            new RefreshOutcome.Passing(
                standing.code(), standing.reason(), standing.retryAt(), false))
        : Optional.empty();
  }

  /**
   * Writes the new credentials and ends the intent at once, and whatever ended because they were
   * missing goes on; empty if the fence was passed or the credentials were changed, and nothing was
   * written.
   */
  Optional<RefreshOutcome> finish(
      Connection connection,
      long fence,
      long generation,
      Renewing fresh,
      RefreshStore.Succession succession) {
    return rooms
        .database()
        .inTransaction(handle -> {
          Standing before = unchanged(handle, connection, generation).orElse(null);
          if (before == null || !store.renewed(handle, connection.id(), fence, succession)) {
            return Optional.empty();
          }
          rooms
              .vault()
              .renew(
                  handle,
                  connection.id(),
                  generation,
                  fresh.credentials(),
                  fresh.secretConfig(),
                  fresh.late());
          grants.configure(handle, connection.id(), fresh.config());
          if (before.state() != GrantState.LIVE) {
            grants.mended(handle, connection);
            rooms.listeners().forEach(listener -> listener.resumed(handle, connection));
          }
          return Optional.of(new RefreshOutcome.Moved(generation + 1));
        });
  }

  /** Held; empty if somebody changed the credentials, or deleted the connection. */
  private Optional<Standing> unchanged(Handle handle, Connection connection, long generation) {
    return grants.hold(handle, connection.id())
        ? store.find(handle, connection.id()).filter(now -> now.generation() == generation)
        : Optional.empty();
  }

  /**
   * Keeps the answer of an owner whose fence was passed, if nobody has sent since and the
   * credentials are the same: it is then the only one there is, and whoever comes next takes it up.
   *
   * @param waited how long ago it came
   */
  boolean late(Connection connection, long fence, long generation, byte[] sealed, Duration waited) {
    return rooms
        .database()
        .inTransaction(handle ->
            unchanged(handle, connection, generation).isPresent()
                && store.late(handle, connection.id(), fence, sealed, waited));
  }

  /** Gives the right back, unless it was passed on already. */
  void release(Connection connection, long fence) {
    rooms.database().useTransaction(handle -> store.release(handle, connection.id(), fence));
  }

  /**
   * What {@link #finish} writes.
   *
   * @param late the token may have ended while the answer with it waited
   */
  record Renewing(
      Credentials credentials, ObjectNode secretConfig, ObjectNode config, boolean late) {

    /**
     * @param waited so long the answer with it lay there
     */
    static Renewing of(
        RefreshRooms rooms, Connection connection, Grant old, Granted granted, Duration waited) {
      ObjectNode secret = old.secretConfig().deepCopy();
      ObjectNode open = Json.object();
      Provider provider = rooms.catalogue().get().find(connection.provider()).orElse(null);
      granted
          .config()
          .properties()
          .forEach(entry -> {
            Provider.ConfigField field =
                provider == null ? null : provider.config().get(entry.getKey());
            (field != null && field.secret() ? secret : open).set(entry.getKey(), entry.getValue());
          });
      return new Renewing(granted.credentials(), secret, open, !waited.isZero());
    }

    @Override
    public String toString() {
      return "Renewing[hidden]";
    }
  }

  /**
   * Not now: every node waits before the next call. Nothing is lost.
   *
   * @param asked how long the provider wants to be left alone
   */
  RefreshOutcome failed(
      Connection connection,
      long fence,
      Standing standing,
      RefreshPhase phase,
      RefreshOutcome.Passing why,
      Duration asked) {
    boolean live = standing.state() == GrantState.LIVE;
    Duration own = live ? jittered(standing.failures()) : MendTries.pause(standing);
    Duration wait = own.compareTo(asked) > 0 ? own : asked;
    Optional<Instant> retryAt =
        rooms
            .database()
            .inTransaction(
                handle -> store.failed(handle, connection.id(), fence, phase, why, wait));
    return new RefreshOutcome.Passing(why.code(), why.message(), retryAt.orElse(null), true);
  }

  /** Full jitter: what failed together comes back spread over the whole wait. */
  private Duration jittered(int failures) {
    RefreshSettings settings = rooms.settings();
    long doubled = settings.firstRetry().toMillis() << Math.min(failures, MOST_DOUBLINGS);
    long most = Math.min(doubled, settings.lastRetry().toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
  }
}

package dev.serai.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

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
          OptionalLong fence = store.lease(handle, connection, settings.node(), settings.lease());
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
    if (standing.state() != GrantState.LIVE && !standing.mendable()) {
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
   * Writes the new credentials and ends the intent at once; empty if the fence was passed or the
   * credentials were changed, and nothing was written.
   *
   * @param refusedAge see {@link RefreshStore#renewed}
   */
  Optional<RefreshOutcome> finish(
      Connection connection,
      long fence,
      long generation,
      Renewing fresh,
      boolean refused,
      @Nullable Duration refusedAge) {
    return rooms
        .database()
        .inTransaction(handle -> {
          boolean held = grants.hold(handle, connection.id());
          Standing before =
              store
                  .find(handle, connection.id())
                  .filter(now -> now.generation() == generation)
                  .orElse(null);
          if (!held
              || before == null
              || !store.renewed(handle, connection.id(), fence, refused, refusedAge)) {
            return Optional.empty();
          }
          rooms
              .vault()
              .renew(
                  handle, connection.id(), generation, fresh.credentials(), fresh.secretConfig());
          grants.configure(handle, connection.id(), fresh.config());
          if (before.state() != GrantState.LIVE) {
            grants.mended(handle, connection);
            rooms.listeners().forEach(listener -> listener.resumed(handle, connection));
          }
          return Optional.of(new RefreshOutcome.Moved(generation + 1));
        });
  }

  /** What {@link #finish} writes. */
  record Renewing(
      Credentials credentials,
      com.fasterxml.jackson.databind.node.ObjectNode secretConfig,
      com.fasterxml.jackson.databind.node.ObjectNode config) {

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

package dev.serai.connection;

import dev.serai.connection.RefreshJournal.Taken;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that are in force: renewed before they end, when the API refuses them, or when
 * somebody insists; once, whoever asks on whatever node. See the package's description for how.
 * Thread-safe.
 */
public final class TokenKeeper implements CredentialSource, AutoCloseable {
  /** So long somebody waits whose token still works. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final RefreshRooms rooms;
  private final RefreshStore store;
  private final RefreshJournal journal;
  private final RefreshFlights flights;
  private final RefreshHook hook;
  private final Unrenewable unrenewable;

  /** Generations that came in place of refused ones, until the API takes them, by connection. */
  private final Map<Long, Long> unproven = new ConcurrentHashMap<>();

  public TokenKeeper(RefreshRooms rooms) {
    this(rooms, RefreshHook.NONE);
  }

  TokenKeeper(RefreshRooms rooms, RefreshHook hook) {
    this.rooms = rooms;
    this.hook = hook;
    this.store = new RefreshStore(rooms.database());
    this.journal = new RefreshJournal(rooms, store);
    this.flights = new RefreshFlights(store, rooms.settings());
    this.unrenewable = new Unrenewable(rooms, store, journal, flights);
  }

  @Override
  public Grant open(Connection connection) {
    Standing standing = standing(connection);
    Grant grant = rooms.vault().open(connection.id(), standing.stored());
    TokenAge age = TokenAge.of(standing, rooms.renewing(connection, grant.credentials()));
    if (standing.state() != GrantState.LIVE) {
      return last(connection, standing, grant, age);
    }
    unrenewable.seen(connection, standing);
    if (age == TokenAge.FRESH) {
      return grant;
    }
    if (!rooms.renewal().possible(connection, grant.credentials())) {
      return unrenewable.inForce(connection, standing, grant, age);
    }
    boolean usable = age == TokenAge.SOON;
    RefreshOutcome outcome =
        renew(connection, standing.generation(), null, usable ? SHORT : patience());
    return switch (outcome) {
      case RefreshOutcome.Moved moved -> rooms.vault().stored(connection.id());
      case RefreshOutcome.Passing passing when usable -> grant;
      case RefreshOutcome.Passing passing -> throw RefreshFailure.of(connection, passing);
      case RefreshOutcome.Over over when usable && over.state() != GrantState.DEAD -> grant;
      case RefreshOutcome.Over over -> throw RefreshFailure.of(connection, over);
    };
  }

  /** What a grant that is over is still good for. */
  private Grant last(Connection connection, Standing standing, Grant grant, TokenAge age) {
    if (standing.state() != GrantState.DEAD && age != TokenAge.ENDED) {
      return grant;
    }
    throw over(connection, standing);
  }

  private RefreshFailure over(Connection connection, Standing standing) {
    new GrantEnd(rooms, store).ended(connection);
    return RefreshFailure.of(
        connection,
        new RefreshOutcome.Over(standing.state(), standing.code(), standing.reason(), false));
  }

  /**
   * As {@link CredentialSource#renewed}.
   *
   * @throws RefreshFailure when there is a way to renew them, and it failed: trying again later, or
   *     a reconnect, is then what helps, and not the API's 401
   */
  @Override
  public boolean renewed(Connection connection, long refused) {
    Standing standing = standing(connection);
    if (standing.generation() != refused) {
      unproven.put(connection.id(), standing.generation());
      return true;
    }
    if (standing.state() != GrantState.LIVE) {
      throw over(connection, standing);
    }
    Grant grant = rooms.vault().open(connection.id(), standing.stored());
    boolean pointless = standing.life().pointless(standing.age());
    if (pointless || !rooms.renewal().possible(connection, grant.credentials())) {
      return false;
    }
    return moved(connection, renew(connection, refused, standing.age(), patience()));
  }

  @Override
  public void refused(Connection connection, long generation, Trial trial) {
    Standing standing = standing(connection);
    if (standing.generation() != generation || standing.state() != GrantState.LIVE) {
      return;
    }
    Credentials given = rooms.vault().open(connection.id(), standing.stored()).credentials();
    if (!(given instanceof Credentials.None) && !rooms.renewal().possible(connection, given)) {
      unrenewable.refused(connection, generation, trial);
    }
  }

  @Override
  public void accepted(Connection connection, long generation) {
    if (unproven.remove(connection.id(), generation)) {
      new StandingStore(rooms.database()).accepted(connection.id(), generation);
    }
    unrenewable.accepted(connection, generation);
  }

  /** Asks again about grants that were refused once. */
  void confirm(BooleanSupplier going) {
    unrenewable.confirm(going);
  }

  @Override
  public Grant forced(Connection connection) {
    Standing standing = standing(connection);
    Grant grant = rooms.vault().open(connection.id(), standing.stored());
    if (standing.state() == GrantState.LIVE
        && !rooms.renewal().possible(connection, grant.credentials())) {
      TokenAge age = TokenAge.of(standing, rooms.renewing(connection, grant.credentials()));
      return unrenewable.inForce(connection, standing, grant, age);
    }
    boolean unused = moved(connection, renew(connection, standing.generation(), null, patience()));
    return rooms.vault().stored(connection.id());
  }

  private boolean moved(Connection connection, RefreshOutcome outcome) {
    return switch (outcome) {
      case RefreshOutcome.Moved moved -> {
        unproven.put(connection.id(), moved.generation());
        yield true;
      }
      case RefreshOutcome.Passing passing -> throw RefreshFailure.of(connection, passing);
      case RefreshOutcome.Over over -> throw RefreshFailure.of(connection, over);
    };
  }

  /**
   * Takes part in the one renewal of this connection.
   *
   * @param seen the generation that is not good enough any more
   */
  RefreshOutcome renew(
      Connection connection, long seen, @Nullable Duration refusedAge, Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      long left = until - System.nanoTime();
      RefreshOutcome outcome =
          flights
              .join(
                  connection.id(),
                  () -> flight(connection, seen, refusedAge),
                  Duration.ofNanos(Math.max(0, left)))
              .orElse(late(connection));
      // A flight that began before ours may bring just what we saw.
      boolean old = outcome instanceof RefreshOutcome.Moved moved && moved.generation() <= seen;
      if (!old || System.nanoTime() > until) {
        return old ? late(connection) : outcome;
      }
    }
  }

  private RefreshOutcome.Passing late(Connection connection) {
    return new RefreshOutcome.Passing(
        "refresh_late", connection.provider() + " has not answered yet", null, true);
  }

  /** Waits while somebody else renews, and renews itself when that one is gone. */
  private RefreshOutcome flight(Connection connection, long seen, @Nullable Duration refusedAge) {
    long until = System.nanoTime() + patience().toNanos();
    for (int wait = 10; ; wait = Math.min(2 * wait, 200)) {
      switch (journal.take(connection.id(), seen)) {
        case Taken.Settled settled -> {
          return settled.outcome();
        }
        case Taken.Ours ours -> {
          return observed(connection, owned(connection, ours, refusedAge));
        }
        case Taken.Held held -> {
          if (System.nanoTime() > until || flights.begun() || !paused(wait)) {
            return late(connection);
          }
        }
      }
    }
  }

  private RefreshOutcome owned(
      Connection connection, Taken.Ours ours, @Nullable Duration refusedAge) {
    return flights.owning(
        connection.id(),
        ours.fence(),
        () -> new Refresh(rooms, store, hook, flights, connection, ours, refusedAge).run());
  }

  private RefreshOutcome observed(Connection connection, RefreshOutcome outcome) {
    String name =
        switch (outcome) {
          case RefreshOutcome.Moved moved -> "renewed";
          case RefreshOutcome.Passing passing ->
              passing.code().equals(RefreshOutcome.UNREAD) ? "unread" : "passing";
          case RefreshOutcome.Over over -> over.state().column();
        };
    rooms.observer().ended(connection.provider(), name);
    return outcome;
  }

  /** Random, so that the waiters of many nodes do not ask in step. */
  private static boolean paused(int most) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(most / 2, most + 1));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Standing standing(Connection connection) {
    return store
        .find(connection.id())
        .orElseThrow(() -> new CredentialVault.NoCredentials(connection.id()));
  }

  private Duration patience() {
    return rooms.settings().patience();
  }

  @Override
  public void close() {
    flights.close();
  }
}

package dev.serai.connection;

import dev.serai.database.DatabaseTrouble;
import dev.serai.provider.Provider;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials that nothing can renew: keys, passwords, tokens without a refresh token. That they
 * are over is said by a stated end, or by the provider's 401, which has other reasons too: one
 * endpoint is closed to the account, or the provider's own login is out of order. So the first
 * refusal makes a suspicion, which every node sees, and a second one, at least {@link #APART} later
 * and with no success between, ends the grant. What counts as a refusal is the answer to the
 * provider's {@code verify} call, and the 401 itself only where none is declared. Thread-safe.
 */
final class Unrenewable {
  /** Of a grant that is suspected; nobody is told it. */
  static final String REFUSED = "credentials_refused";

  /**
   * A grant that is ended by mistake costs a customer a reconnect, one that is ended half a minute
   * late a few calls.
   */
  static final Duration APART = Duration.ofSeconds(30);

  /** So long a verified grant is not verified again, whatever other endpoints say. */
  private static final Duration PROVEN = Duration.ofMinutes(1);

  private static final int AT_ONCE = 16;
  private static final Logger LOG = LoggerFactory.getLogger(Unrenewable.class);

  private record Suspect(Connection connection, long generation, CredentialSource.Trial trial) {}

  private record Proven(long generation, long until) {}

  private final RefreshRooms rooms;
  private final RefreshStore store;
  private final RefreshJournal journal;
  private final RefreshFlights flights;
  private final GrantEnd end;
  private final GrantStore grants = new GrantStore();
  private final Map<Long, Suspect> suspects = new ConcurrentHashMap<>();
  private final Map<Long, Proven> proven = new ConcurrentHashMap<>();

  /** Generations that a success clears, by connection. */
  private final Map<Long, Long> unproven = new ConcurrentHashMap<>();

  Unrenewable(
      RefreshRooms rooms, RefreshStore store, RefreshJournal journal, RefreshFlights flights) {
    this.rooms = rooms;
    this.store = store;
    this.journal = journal;
    this.flights = flights;
    this.end = new GrantEnd(rooms, store);
  }

  /** To be told of everything that is about to be used. */
  void seen(Connection connection, Standing standing) {
    if (standing.code().equals(REFUSED) && !verifiable(connection)) {
      unproven.put(connection.id(), standing.generation());
    } else {
      unproven.remove(connection.id());
    }
  }

  /**
   * @throws RefreshFailure when its time is over: the provider is not called with it
   */
  Grant inForce(Connection connection, Standing standing, Grant grant, TokenAge age) {
    if (age != TokenAge.ENDED) {
      return grant;
    }
    RefreshOutcome outcome =
        switch (journal.take(connection.id(), standing.generation())) {
          case RefreshJournal.Taken.Ours ours ->
              judged(connection, ours, GrantVerdict.ended(connection));
          case RefreshJournal.Taken.Settled settled -> settled.outcome();
          case RefreshJournal.Taken.Held held -> GrantVerdict.ended(connection);
        };
    return switch (outcome) {
      case RefreshOutcome.Moved moved -> rooms.vault().stored(connection.id());
      case RefreshOutcome.Over over -> throw RefreshFailure.of(connection, over);
      // Suspected just now, so not judged yet; it has ended all the same.
      case RefreshOutcome.Passing passing ->
          throw RefreshFailure.of(connection, GrantVerdict.ended(connection));
    };
  }

  /**
   * The API refused these credentials.
   *
   * @throws RefreshFailure when that ends the grant
   */
  void refused(Connection connection, long generation, CredentialSource.Trial trial) {
    Proven before = proven.get(connection.id());
    if (before != null && before.generation() == generation && before.until() > System.nanoTime()) {
      return;
    }
    Optional<RefreshOutcome> outcome =
        tried(connection, generation, trial, rooms.settings().patience());
    if (outcome.orElse(null) instanceof RefreshOutcome.Over over) {
      throw RefreshFailure.of(connection, over);
    }
  }

  /** The API took these credentials: where nothing else can be asked, that clears them. */
  void accepted(Connection connection, long generation) {
    if (unproven.remove(connection.id(), generation)) {
      grants.clearSuspicion(rooms.database(), connection.id(), REFUSED);
    }
  }

  /** Asks again about those that this node suspects; waits for no answer. */
  void confirm(BooleanSupplier going) {
    proven.values().removeIf(each -> each.until() <= System.nanoTime());
    suspects.values().stream()
        .limit(AT_ONCE)
        .forEach(each -> {
          if (going.getAsBoolean()) {
            confirm(each);
          }
        });
  }

  private void confirm(Suspect suspect) {
    long id = suspect.connection().id();
    Standing now = store.find(id).orElse(null);
    if (now == null
        || now.generation() != suspect.generation()
        || now.state() != GrantState.LIVE
        || !now.code().equals(REFUSED)) {
      suspects.remove(id, suspect);
      return;
    }
    try {
      if (!now.tooEarly()) {
        var unused = tried(suspect.connection(), now.generation(), suspect.trial(), Duration.ZERO);
      }
    } catch (RuntimeException e) {
      if (DatabaseTrouble.is(e)) {
        throw e;
      }
      LOG.warn(
          "{}: its credentials could not be verified: {}",
          suspect.connection().label(),
          e.toString());
    }
  }

  /** Empty: the provider takes longer than the patience. */
  private Optional<RefreshOutcome> tried(
      Connection connection, long generation, CredentialSource.Trial trial, Duration patience) {
    return flights.join(
        connection.id(),
        () ->
            switch (journal.take(connection.id(), generation)) {
              case RefreshJournal.Taken.Settled settled -> settled.outcome();
              case RefreshJournal.Taken.Held held -> passing("somebody else asks already");
              case RefreshJournal.Taken.Ours ours ->
                  flights.owning(
                      connection.id(), ours.fence(), () -> tried(connection, ours, trial));
            },
        patience);
  }

  private RefreshOutcome tried(
      Connection connection, RefreshJournal.Taken.Ours ours, CredentialSource.Trial trial) {
    Standing standing = ours.standing();
    Grant grant = rooms.vault().open(connection.id(), standing.stored());
    return switch (trial.of(grant)) {
      case Verification.Outcome.Accepted accepted -> cleared(connection, ours);
      case Verification.Outcome.NotDeclared none -> suspected(connection, ours, grant, trial);
      case Verification.Outcome.Refused refused when refused.status() == 401 ->
          suspected(connection, ours, grant, trial);
      case Verification.Outcome.Refused refused -> unknown(connection, ours);
      case Verification.Outcome.Unreachable unreachable -> unknown(connection, ours);
    };
  }

  private RefreshOutcome suspected(
      Connection connection,
      RefreshJournal.Taken.Ours ours,
      Grant grant,
      CredentialSource.Trial trial) {
    RefreshOutcome.Over over = GrantVerdict.withdrawn(connection, grant.credentials());
    if (ours.standing().code().equals(REFUSED)) {
      return judged(connection, ours, over);
    }
    if (verifiable(connection)) {
      suspects.put(connection.id(), new Suspect(connection, ours.standing().generation(), trial));
    }
    return journal.failed(
        connection,
        ours.fence(),
        ours.standing(),
        RefreshPhase.IDLE,
        passing(over.message()),
        APART);
  }

  private RefreshOutcome judged(
      Connection connection, RefreshJournal.Taken.Ours ours, RefreshOutcome.Over over) {
    suspects.remove(connection.id());
    unproven.remove(connection.id());
    // No app is to blame here.
    if (!end.judge(connection, ours.fence(), ours.standing().generation(), "", over, false)) {
      return new RefreshOutcome.Moved(ours.standing().generation() + 1);
    }
    rooms.observer().ended(connection.provider(), over.state().column());
    return over;
  }

  private RefreshOutcome cleared(Connection connection, RefreshJournal.Taken.Ours ours) {
    long generation = ours.standing().generation();
    suspects.remove(connection.id());
    proven.put(connection.id(), new Proven(generation, System.nanoTime() + PROVEN.toNanos()));
    grants.clearSuspicion(rooms.database(), connection.id(), REFUSED);
    rooms.database().useTransaction(handle -> store.release(handle, connection.id(), ours.fence()));
    return passing("the credentials are accepted elsewhere");
  }

  private RefreshOutcome unknown(Connection connection, RefreshJournal.Taken.Ours ours) {
    rooms.database().useTransaction(handle -> store.release(handle, connection.id(), ours.fence()));
    return passing("the provider did not say whether the credentials are good");
  }

  private static RefreshOutcome.Passing passing(String message) {
    return new RefreshOutcome.Passing(REFUSED, message, null, true);
  }

  private boolean verifiable(Connection connection) {
    return rooms.catalogue().get().find(connection.provider()).map(Provider::verify).isPresent();
  }
}

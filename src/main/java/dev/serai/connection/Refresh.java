package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.RefreshHook.Boundary;
import dev.serai.connection.RefreshJournal.Taken;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpFailure;
import dev.serai.provider.Provider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One renewal by its owner, from the lease to the new credentials. May die at any instruction; see
 * the package's description for what the next owner then knows. One thread.
 */
final class Refresh {
  private static final Logger LOG = LoggerFactory.getLogger(Refresh.class);

  private final RefreshRooms rooms;
  private final RefreshStore store;
  private final RefreshJournal journal;
  private final GrantEnd end;
  private final GrantStore grants = new GrantStore();
  private final RefreshHook hook;
  private final Parting parting;
  private final Connection connection;
  private final long fence;
  private final Standing standing;
  private final @Nullable Duration refusedAge;

  /** How far this node is with its stop. */
  interface Parting {
    /** Nothing is sent any more. */
    boolean begun();

    /** Answers are not waited for any more. */
    boolean over();
  }

  /**
   * @param refusedAge how old the token was when the API refused it; null: it was not refused
   */
  Refresh(
      RefreshRooms rooms,
      RefreshStore store,
      RefreshHook hook,
      Parting parting,
      Connection connection,
      Taken.Ours taken,
      @Nullable Duration refusedAge) {
    this.rooms = rooms;
    this.store = store;
    this.journal = new RefreshJournal(rooms, store);
    this.end = new GrantEnd(rooms, store);
    this.hook = hook;
    this.parting = parting;
    this.connection = connection;
    this.fence = taken.fence();
    this.standing = taken.standing();
    this.refusedAge = refusedAge;
  }

  /** What is renewed, with what, and what is known of it before. */
  private record Case(Grant old, App app, String appInForce, Doubt doubt) {}

  RefreshOutcome run() {
    hook.at(connection, Boundary.LEASED);
    Grant old = rooms.vault().open(connection.id(), standing.stored());
    String appInForce = grants.app(rooms.database(), connection.integration());
    App app = rooms.apps().apply(connection.integration());
    Duration grace = rooms.renewing(connection, old.credentials()).grace();
    boolean consuming = rooms.renewal().consuming(connection, old.credentials());
    Case ours = new Case(old, app, appInForce, new Doubt(standing, consuming, grace));
    byte[] stored = standing.answer();
    if (standing.phase() == RefreshPhase.ANSWERED && stored != null) {
      LOG.info("{}: takes up an answer that waits to be understood", connection.label());
      HttpAnswer answer =
          SealedAnswer.open(rooms.sealing(), connection.id(), standing.generation(), stored);
      return understood(ours, answer, standing.waited(), true);
    }
    if (ours.doubt().hopeless()) {
      RefreshOutcome.Over why = GrantVerdict.uncertain(connection);
      return judged(ours, why, stillUsable(old));
    }
    return called(ours);
  }

  private RefreshOutcome called(Case ours) {
    if (parting.begun()) {
      journal.release(connection, fence);
      return new RefreshOutcome.Passing(
          "stopping", "this node is being stopped", standing.retryAt(), false);
    }
    if (!store.intend(connection.id(), fence, ours.doubt().usable())) {
      return passed();
    }
    hook.at(connection, Boundary.INTENDED);
    HttpAnswer answer;
    try {
      answer = rooms.renewal().send(connection, ours.app(), ours.old(), ours.doubt()::patience);
    } catch (HttpFailure failure) {
      return failed(ours, !failure.neverSent(), failure);
    } catch (SeraiException refused) {
      return failed(ours, refused.origin() == Origin.PROVIDER, refused);
    }
    CameAnswer came = CameAnswer.now(connection, fence, standing.generation(), answer);
    hook.at(connection, Boundary.SENT);
    if (!came.kept(rooms, store, journal, parting)) {
      return passed();
    }
    hook.at(connection, Boundary.STORED);
    return understood(ours, answer, came.waited(), false);
  }

  /**
   * @param waited how long ago the answer came
   * @param found somebody else asked for it
   */
  private RefreshOutcome understood(Case ours, HttpAnswer answer, Duration waited, boolean found) {
    Renewed renewed = rooms.renewal().read(connection, ours.app(), ours.old(), answer, waited);
    hook.at(connection, Boundary.READ);
    RefreshOutcome outcome =
        switch (renewed) {
          case Renewed.Fresh fresh -> fresh(ours, fresh.granted(), found ? waited : Duration.ZERO);
          case Renewed.Unclear unclear -> unclear(ours, unclear, answer);
          case Renewed.Refused refused -> refused(ours, refused, found);
        };
    hook.at(connection, Boundary.WRITTEN);
    return outcome;
  }

  private RefreshOutcome fresh(Case ours, Granted granted, Duration waited) {
    return journal
        .finish(
            connection,
            fence,
            standing.generation(),
            RefreshJournal.Renewing.of(rooms, connection, ours.old(), granted, waited),
            standing.followed(
                refusedAge, rooms.renewing(connection, granted.credentials()), waited))
        .orElseGet(this::passed);
  }

  private RefreshOutcome unclear(Case ours, Renewed.Unclear unclear, HttpAnswer answer) {
    RefreshPhase phase = ours.doubt().after(unclear.done() != Renewal.Done.NO);
    // A yes that nobody understands may hold the only token there is: it is kept and read again.
    boolean keeps = ours.doubt().consuming() && unclear.done() == Renewal.Done.YES;
    if (keeps) {
      LOG.warn(
          "{}: the provider renewed the token in words that its provider.yaml does not declare ({}): the answer is kept, and read again when auth.answer is mended; else the customer has to reconnect",
          connection.label(),
          unclear.message());
    }
    return postponed(
        keeps ? RefreshPhase.ANSWERED : phase,
        keeps ? RefreshOutcome.UNREAD : unclear.code(),
        unclear.message(),
        AskedPause.of(answer.headers(), standing.now()));
  }

  private RefreshOutcome failed(Case ours, boolean raised, SeraiException why) {
    return postponed(
        ours.doubt().after(raised), why.code(), String.valueOf(why.getMessage()), Duration.ZERO);
  }

  private RefreshOutcome postponed(
      RefreshPhase phase, String code, String message, Duration asked) {
    LOG.info("{}: the token could not be renewed yet: {}", connection.label(), message);
    return journal.failed(
        connection,
        fence,
        standing,
        phase,
        new RefreshOutcome.Passing(code, message, null, true),
        asked);
  }

  private RefreshOutcome refused(Case ours, Renewed.Refused refused, boolean found) {
    boolean misconfigured = refused.why() == Renewal.Why.MISCONFIGURED;
    if (misconfigured && found) {
      return again(ours); // nobody knows which app its owner asked with
    }
    boolean doubted = ours.doubt().older();
    RefreshOutcome.Over why = GrantVerdict.refused(connection, refused, doubted);
    return judged(ours, why, why.state() == GrantState.UNCERTAIN && stillUsable(ours.old()));
  }

  private boolean stillUsable(Grant old) {
    Provider.Renewing declared = rooms.renewing(connection, old.credentials());
    return refusedAge == null && TokenAge.of(standing, declared) != TokenAge.ENDED;
  }

  private RefreshOutcome judged(Case ours, RefreshOutcome.Over over, boolean usable) {
    if (end.judge(connection, fence, standing.generation(), ours.appInForce(), over, usable)) {
      return over;
    }
    return grants.app(rooms.database(), connection.integration()).equals(ours.appInForce())
        ? passed()
        : again(ours);
  }

  /** A refusal that says nothing about the app in force now. */
  private RefreshOutcome again(Case ours) {
    return postponed(
        ours.doubt().after(false),
        "app_changed",
        "the app was changed while it was asked with",
        Duration.ZERO);
  }

  /** Somebody else took over, or reconnected: what is in force now is theirs. */
  private RefreshOutcome passed() {
    LOG.warn("{}: a renewal came too late, nothing of it was written", connection.label());
    return store
        .find(connection.id())
        .map(now -> (RefreshOutcome) new RefreshOutcome.Moved(now.generation()))
        .orElseThrow(() -> new CredentialVault.NoCredentials(connection.id()));
  }
}

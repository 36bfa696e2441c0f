package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.connection.RefreshHook.Boundary;
import dev.serai.connection.RefreshJournal.Taken;
import dev.serai.database.DatabaseTrouble;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpFailure;
import dev.serai.provider.Provider;
import java.time.Duration;
import java.util.function.BooleanSupplier;
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
  private final RefreshHook hook;
  private final BooleanSupplier stopping;
  private final Connection connection;
  private final long fence;
  private final Standing standing;
  private final @Nullable Duration refusedAge;

  /**
   * @param stopping asked while the database is away: an answer in hand is not given up before
   * @param refusedAge how old the token was when the API refused it; null: it was not refused
   */
  Refresh(
      RefreshRooms rooms,
      RefreshStore store,
      RefreshHook hook,
      BooleanSupplier stopping,
      Connection connection,
      Taken.Ours taken,
      @Nullable Duration refusedAge) {
    this.rooms = rooms;
    this.store = store;
    this.journal = new RefreshJournal(rooms, store);
    this.end = new GrantEnd(rooms, store);
    this.hook = hook;
    this.stopping = stopping;
    this.connection = connection;
    this.fence = taken.fence();
    this.standing = taken.standing();
    this.refusedAge = refusedAge;
  }

  RefreshOutcome run() {
    hook.at(connection, Boundary.LEASED);
    Grant old = rooms.vault().open(connection.id(), standing.stored());
    App app = rooms.apps().apply(connection.integration());
    byte[] stored = standing.answer();
    if (standing.phase() == RefreshPhase.ANSWERED && stored != null) {
      LOG.info("{}: takes up an answer that its owner left behind", connection.label());
      return understood(
          app,
          old,
          SealedAnswer.open(rooms.sealing(), connection.id(), standing.generation(), stored));
    }
    boolean consuming = rooms.renewal().consuming(connection, old.credentials());
    boolean crashed = consuming && standing.phase() == RefreshPhase.SENDING;
    Provider.Renewing declared = rooms.renewing(connection, old.credentials());
    if (crashed && !withinGrace(declared.grace())) {
      return uncertain(declared);
    }
    return called(app, old, consuming);
  }

  private RefreshOutcome called(App app, Grant old, boolean consuming) {
    if (!store.intend(connection.id(), fence)) {
      return passed();
    }
    hook.at(connection, Boundary.INTENDED);
    HttpAnswer answer;
    try {
      answer = rooms.renewal().send(connection, app, old);
    } catch (HttpFailure failure) {
      RefreshPhase before = phaseBefore(consuming);
      boolean newDoubt = consuming && !failure.neverSent() && before == RefreshPhase.IDLE;
      return failed(
          newDoubt ? RefreshPhase.DOUBTFUL : before,
          failure.code(),
          String.valueOf(failure.getMessage()),
          Duration.ZERO);
    } catch (SeraiException ours) {
      return failed(
          phaseBefore(consuming), ours.code(), String.valueOf(ours.getMessage()), Duration.ZERO);
    }
    hook.at(connection, Boundary.SENT);
    if (!kept(answer)) {
      return passed();
    }
    hook.at(connection, Boundary.STORED);
    return understood(app, old, answer);
  }

  /** What was in doubt stays so until the credentials change. */
  private RefreshPhase phaseBefore(boolean consuming) {
    if (!consuming) {
      return RefreshPhase.IDLE;
    }
    return standing.phase() == RefreshPhase.ANSWERED ? RefreshPhase.DOUBTFUL : standing.phase();
  }

  /** While the database is away the answer is the only one there is: it waits in memory. */
  private boolean kept(HttpAnswer answer) {
    byte[] sealed =
        SealedAnswer.seal(rooms.sealing(), connection.id(), standing.generation(), answer);
    while (true) {
      try {
        return store.answered(connection.id(), fence, sealed);
      } catch (RuntimeException e) {
        if (!DatabaseTrouble.is(e) || stopping.getAsBoolean()) {
          throw e;
        }
        LOG.warn(
            "{}: a new token waits for the database: {}",
            connection.label(),
            DatabaseTrouble.reason(e));
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RefreshOutcome understood(App app, Grant old, HttpAnswer answer) {
    Renewal.Renewed renewed = rooms.renewal().read(connection, app, old, answer);
    hook.at(connection, Boundary.READ);
    RefreshOutcome outcome =
        switch (renewed) {
          case Renewal.Renewed.Fresh fresh -> fresh(old, fresh.granted());
          case Renewal.Renewed.Unclear unclear -> unclear(old, unclear, answer);
          case Renewal.Renewed.Refused refused -> refused(refused);
        };
    hook.at(connection, Boundary.WRITTEN);
    return outcome;
  }

  private RefreshOutcome fresh(Grant old, Granted granted) {
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
    boolean unstated = refusedAge != null && standing.endsAt() == null;
    return journal
        .finish(
            connection,
            fence,
            standing.generation(),
            new RefreshJournal.Renewing(granted.credentials(), secret, open),
            refusedAge != null,
            unstated ? refusedAge : null)
        .orElseGet(this::passed);
  }

  private RefreshOutcome unclear(Grant old, Renewal.Renewed.Unclear unclear, HttpAnswer answer) {
    boolean consuming = rooms.renewal().consuming(connection, old.credentials());
    return failed(
        phaseBefore(consuming),
        unclear.code(),
        unclear.message(),
        AskedPause.of(answer.headers(), standing.now()));
  }

  private RefreshOutcome failed(RefreshPhase phase, String code, String message, Duration asked) {
    LOG.info("{}: the token could not be renewed yet: {}", connection.label(), message);
    return journal.failed(
        connection,
        fence,
        standing,
        phase,
        new RefreshOutcome.Passing(code, message, null, true),
        asked);
  }

  private RefreshOutcome refused(Renewal.Renewed.Refused refused) {
    boolean doubted =
        standing.phase() == RefreshPhase.SENDING || standing.phase() == RefreshPhase.DOUBTFUL;
    return judged(GrantVerdict.refused(connection, refused, doubted), false);
  }

  private RefreshOutcome uncertain(Provider.Renewing declared) {
    return judged(GrantVerdict.uncertain(connection), stillUsable(declared));
  }

  /** The grant counts from the provider's rotation, which cannot be before the intent. */
  private boolean withinGrace(Duration grace) {
    return standing.intentAt() != null
        && standing.now().isBefore(standing.intentAt().plus(grace).minus(grace.dividedBy(15)));
  }

  private boolean stillUsable(Provider.Renewing declared) {
    return refusedAge == null && TokenAge.of(standing, declared) != TokenAge.ENDED;
  }

  private RefreshOutcome judged(RefreshOutcome.Over over, boolean usable) {
    return end.judge(connection, fence, standing.generation(), over, usable) ? over : passed();
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

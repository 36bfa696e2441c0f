package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.record.Announcements;
import dev.serai.record.Announcements.Unannounced;
import dev.serai.stream.StreamException.ErrorClass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;

/**
 * Whatever ends a run writes, in one fenced transaction, the messages for what is committed but not
 * announced, and when the sync is due again. Nothing is announced that is not committed, and
 * nothing committed is forgotten, also by runs that fail, pause or are taken over.
 */
final class RunEnd {
  private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);

  private final Database database;
  private final RunStore runs;
  private final RunEndStore store;
  private final Announcements announcements;
  private final Outbox outbox;
  private final InstantSource clock;
  private final int retries;

  RunEnd(
      Database database,
      RunStore runs,
      Announcements announcements,
      Outbox outbox,
      InstantSource clock,
      int retries) {
    this.database = database;
    this.runs = runs;
    this.store = new RunEndStore();
    this.announcements = announcements;
    this.outbox = outbox;
    this.clock = clock;
    this.retries = retries;
  }

  static RunEnd of(SyncWiring wiring, RunStore runs) {
    return new RunEnd(
        wiring.database(),
        runs,
        wiring.announcements(),
        wiring.outbox(),
        wiring.clock(),
        wiring.settings().retries());
  }

  /** What the end needs to know of the run besides its verdict. */
  record Ending(
      Lease lease, Run run, Connection connection, SyncDefinition definition, String fingerprint) {}

  /** False: the lease was lost meanwhile and nothing was written. */
  boolean write(Ending ending, Verdict verdict) {
    boolean written =
        database.inTransaction(handle ->
            runs.fence(handle, ending.lease())
                .map(fenced -> {
                  end(handle, ending, verdict, fenced);
                  return true;
                })
                .orElse(false));
    if (written) {
      outbox.wake();
    }
    return written;
  }

  private void end(Handle handle, Ending ending, Verdict given, RunStore.Fenced fenced) {
    if (given instanceof Verdict.Suspended suspended && fenced.failures() + 1 > retries) {
      end(
          handle,
          ending,
          new Verdict.Failed(suspended.code(), ErrorClass.TRANSIENT, suspended.message()),
          fenced);
      return;
    }
    ObjectNode results = announce(handle, ending, given);
    Instant now = clock.instant();
    long run = ending.run().id();
    long sync = ending.lease().sync();
    Instant next = next(ending, fenced, now);
    switch (given) {
      case Verdict.Success() -> {
        store.endRun(handle, run, "success", results, null);
        store.endSync(handle, sync, next, true, false, ending.run().full(), ending.fingerprint());
      }
      case Verdict.Failed failed -> {
        announceFailure(handle, ending, failed, now);
        store.endRun(handle, run, "failed", results, failed);
        Instant later = now.plus(backoff(fenced.failures() + 1));
        store.endSync(
            handle,
            sync,
            later.isAfter(next) ? later : next,
            false,
            true,
            false,
            ending.fingerprint());
      }
      case Verdict.Cancelled() -> {
        store.endRun(handle, run, "cancelled", results, null);
        store.endSync(handle, sync, next, false, false, false, ending.fingerprint());
      }
      case Verdict.Suspended suspended ->
          store.suspend(
              handle, ending.lease(), run, suspended, now.plus(backoff(fenced.failures() + 1)));
      case Verdict.LetGo() ->
          throw new IllegalStateException("a run that was let go has no end to write");
    }
  }

  private ObjectNode announce(Handle handle, Ending ending, Verdict verdict) {
    Set<Long> collections = new TreeSet<>(store.touched(handle, ending.run().id()));
    collections.addAll(
        store.collections(
            handle,
            ending.connection().id(),
            ending.lease().variant(),
            ending.definition().models()));
    List<Unannounced> changes = announcements.take(handle, collections);
    String checkpoint = store.checkpoint(handle, ending.lease().sync());
    ObjectNode results = Json.object();
    for (Unannounced change : changes) {
      results
          .putObject(change.model())
          .put("added", change.added())
          .put("updated", change.updated())
          .put("deleted", change.deleted());
      outbox.write(
          handle,
          SyncMessages.changed(
              ending.connection(), ending.lease(), ending.run(), change, checkpoint));
    }
    if (verdict instanceof Verdict.Success
        && store.wishes(handle, ending.connection().environment()).alwaysAnnounce()) {
      announceNothing(handle, ending, results, checkpoint);
    }
    return results;
  }

  private void announceNothing(
      Handle handle,
      Ending ending,
      ObjectNode results,
      @org.jspecify.annotations.Nullable String checkpoint) {
    for (String model : ending.definition().models()) {
      if (!results.has(model)) {
        Unannounced none =
            new Unannounced(0, model, ending.lease().variant(), 0, 0, 0, ending.run().startedAt());
        outbox.write(
            handle,
            SyncMessages.changed(
                ending.connection(), ending.lease(), ending.run(), none, checkpoint));
      }
    }
  }

  // Told once when a failure begins, not at every repetition of it: a backend is not to be flooded.
  private void announceFailure(Handle handle, Ending ending, Verdict.Failed failed, Instant now) {
    if (store.lastError(handle, ending.lease().sync()).equals(Optional.of(failed.code()))
        || !store.wishes(handle, ending.connection().environment()).announceFailures()) {
      return;
    }
    for (String model : ending.definition().models()) {
      outbox.write(
          handle,
          SyncMessages.failed(
              ending.connection(), ending.lease(), ending.run(), model, failed, now));
    }
  }

  private static Instant next(Ending ending, RunStore.Fenced fenced, Instant now) {
    Schedule schedule = ScheduleOverride.of(fenced.frequency(), ending.definition().schedule());
    Instant next = schedule.next(ending.lease().due(), now);
    boolean first = ending.run().mode() == Run.Mode.INITIAL;
    return first ? next.plus(jitter(Duration.between(now, next))) : next;
  }

  // Spreads syncs that were created together; once, because the grid keeps the offset.
  private static Duration jitter(Duration wait) {
    long most = Math.max(1, Math.min(wait.toMillis() / 10, 60_000));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most));
  }

  private static Duration backoff(int failures) {
    Duration doubled = Duration.ofSeconds(5L << Math.min(failures - 1, 12));
    Duration most = doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
    return most.plusMillis(ThreadLocalRandom.current().nextLong(1 + most.toMillis() / 4));
  }
}

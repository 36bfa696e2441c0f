package dev.serai.sync;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.stream.Streams;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a run, or takes up the one that a node left open. */
final class RunBegin {
  private static final Logger LOG = LoggerFactory.getLogger(RunBegin.class);

  private final Database database;
  private final RunStore runs;
  private final CollectionEmptier emptier;
  private final InstantSource clock;

  RunBegin(Database database, RunStore runs, CollectionEmptier emptier, InstantSource clock) {
    this.database = database;
    this.runs = runs;
    this.emptier = emptier;
    this.clock = clock;
  }

  /** Empty: the lease is lost. */
  Optional<Run> begin(Lease lease, Connection connection, Streams.Facts facts, String fingerprint) {
    while (true) {
      Step step =
          database.inTransaction(handle -> step(handle, lease, connection, facts, fingerprint));
      switch (step) {
        case Step.Opened(Run run) -> {
          return Optional.of(run);
        }
        case Step.LeaseLost() -> {
          return Optional.empty();
        }
        case Step.Emptying() -> LOG.debug("{}: emptying before a full read", connection.label());
      }
    }
  }

  private sealed interface Step {
    record Opened(Run run) implements Step {}

    record LeaseLost() implements Step {}

    /** A chunk of the old rows is gone, more may be left. */
    record Emptying() implements Step {}
  }

  private Step step(
      Handle handle, Lease lease, Connection connection, Streams.Facts facts, String fingerprint) {
    Optional<RunStore.Fenced> found = runs.fence(handle, lease);
    if (found.isEmpty()) {
      return new Step.LeaseLost();
    }
    RunStore.Fenced fenced = found.get();
    if (fenced.run() != null) {
      runs.takeUp(handle, fenced.run());
      LOG.info(
          "{} sync {}: run {} goes on where it stood",
          connection.label(),
          lease.name(),
          fenced.run());
      return new Step.Opened(runs.find(handle, fenced.run(), fenced));
    }
    if (fenced.emptyRequested()
        && emptier.emptyChunk(handle, connection.id(), lease.variant(), lease.name())) {
      return new Step.Emptying();
    }
    Run.Mode mode = mode(handle, lease, facts, fenced, fingerprint);
    Map<Long, Long> baseline =
        mode == Run.Mode.INCREMENTAL
            ? Map.of()
            : runs.baseline(handle, connection.id(), lease.variant());
    long run =
        runs.begin(
            handle, lease, mode, facts.drifting(), baseline, fingerprint, fenced.checkpoint());
    RunStore.Fenced opened = fenced.withoutPosition();
    return new Step.Opened(runs.find(handle, run, opened));
  }

  private Run.Mode mode(
      Handle handle, Lease lease, Streams.Facts facts, RunStore.Fenced fenced, String fingerprint) {
    if (!runs.succeededBefore(handle, lease.sync())) {
      return Run.Mode.INITIAL;
    }
    boolean full =
        !facts.incremental()
            || fenced.checkpoint() == null
            || fenced.fullRequested()
            || fenced.emptyRequested()
            || fullIsDue(facts, fenced)
            || !fingerprint.equals(fenced.fingerprint());
    return full ? Run.Mode.FULL : Run.Mode.INCREMENTAL;
  }

  private boolean fullIsDue(Streams.Facts facts, RunStore.Fenced fenced) {
    boolean byRuns = facts.fullEveryRuns() > 0 && fenced.fullRunsAgo() + 1 >= facts.fullEveryRuns();
    Instant last = fenced.fullAt();
    boolean byTime =
        facts.fullEverySeconds() > 0
            && (last == null
                || !clock.instant().isBefore(last.plusSeconds(facts.fullEverySeconds())));
    return byRuns || byTime;
  }
}

package dev.serai.sync;

import dev.serai.record.GatheredPage;
import dev.serai.database.DatabaseTrouble;
import dev.serai.SeraiException;
import dev.serai.connection.Connection;
import dev.serai.connection.RefreshFailure;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.stream.StreamException;
import dev.serai.stream.StreamException.ErrorClass;
import dev.serai.stream.StreamReader;
import dev.serai.stream.Streams;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, from its open position to a verdict: fetch, route, commit, page by page. Holds nothing
 * that a crash could lose. One thread.
 */
final class SyncRun {
  private static final Logger LOG = LoggerFactory.getLogger(SyncRun.class);

  private final Lease lease;
  private final Run run;
  private final Connection connection;
  private final Set<String> models;
  private final PageRoute route;
  private final RunRooms rooms;
  private final BooleanSupplier stopping;

  SyncRun(
      Lease lease,
      Run run,
      Connection connection,
      SyncRegistry.Registered registered,
      RunRooms rooms,
      BooleanSupplier stopping) {
    this.lease = lease;
    this.run = run;
    this.connection = connection;
    this.models = registered.definition().models();
    this.route = registered.route();
    this.rooms = rooms;
    this.stopping = stopping;
  }

  /** Never throws: whatever happens is a verdict. */
  Verdict read(Streams.Facts facts) {
    try {
      if (run.phase() == Run.Phase.READING) {
        Verdict ended = pages();
        if (!(ended instanceof Verdict.Success)) {
          return ended;
        }
      }
      return rooms.deletions().carryOut(lease, run, connection, facts)
          ? new Verdict.Success()
          : new Verdict.LetGo();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Verdict.LetGo();
    } catch (ExecutionException e) {
      return verdictOf(e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      return verdictOf(e);
    }
  }

  private Verdict pages() throws InterruptedException, ExecutionException {
    StreamReader reader =
        rooms
            .streams()
            .open(connection, lease.name(), run.full(), run.checkpoint(), run.position());
    Prefetch prefetch = new Prefetch(reader, rooms.database(), rooms.budget(), rooms.fetches());
    try {
      while (true) {
        if (stopping.getAsBoolean()) {
          return new Verdict.LetGo();
        }
        Prefetch.Fetched fetched = prefetch.next();
        fetched.releaseFormer();
        @Nullable Verdict ended = page(fetched);
        if (ended != null) {
          return ended;
        }
      }
    } finally {
      prefetch.close();
    }
  }

  /** Null: go on with the next page. */
  private @Nullable Verdict page(Prefetch.Fetched fetched) throws InterruptedException {
    GatheredPage page = new GatheredPage("page");
    Optional<Throwable> failure = route.process(connection, fetched.page().records(), page);
    if (!fetched.page().deletedIds().isEmpty()) {
      models.forEach(model -> page.add(new Batch.Delete(model, fetched.page().deletedIds())));
    }
    List<Batch> batches = page.close();
    if (failure.isPresent()) {
      return verdictOf(failure.get());
    }
    if (page.failure().isPresent()) {
      return new Verdict.Failed("page_failed", ErrorClass.SYSTEM, page.failure().get());
    }
    return switch (rooms.commit().commit(lease, run, connection, fetched, batches)) {
      case LEASE_LOST -> {
        LOG.warn(
            "{} sync {}: a page came too late, its lease was lost; nothing of it was written",
            connection.label(),
            lease.name());
        yield new Verdict.LetGo();
      }
      case COMMITTED_THEN_STOP -> new Verdict.Cancelled();
      case COMMITTED -> fetched.page().last() ? new Verdict.Success() : null;
    };
  }

  private Verdict verdictOf(Throwable failure) {
    if (DatabaseTrouble.is(failure)) {
      LOG.warn(
          "{}: the database is in trouble, the run goes on later: {}",
          connection.label(),
          DatabaseTrouble.reason(failure));
      return new Verdict.LetGo();
    }
    if (failure instanceof StreamException stream) {
      return stream.errorClass() == ErrorClass.TRANSIENT
          ? new Verdict.Suspended(stream.code(), message(stream))
          : new Verdict.Failed(stream.code(), stream.errorClass(), message(stream));
    }
    if (failure instanceof RefreshFailure grant) {
      return grant.passing()
          ? new Verdict.Suspended(grant.code(), message(grant))
          : new Verdict.Failed(grant.code(), ErrorClass.AUTH, message(grant));
    }
    if (failure instanceof SeraiException known) {
      return switch (known.origin()) {
        case PROVIDER -> new Verdict.Suspended(known.code(), message(known));
        case CALLER -> new Verdict.Failed(known.code(), ErrorClass.CONFIG, message(known));
        case OURS -> new Verdict.Failed(known.code(), ErrorClass.SYSTEM, message(known));
      };
    }
    LOG.error("{} sync {}: the route failed", connection.label(), lease.name(), failure);
    return new Verdict.Failed("route_failed", ErrorClass.SYSTEM, message(failure));
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}

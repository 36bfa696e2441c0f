package dev.serai.inbox;

import dev.serai.record.GatheredPage;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.database.DatabaseTrouble;
import dev.serai.outbox.Outbox;
import dev.serai.provider.Provider;
import dev.serai.record.Announcements;
import dev.serai.record.Announcements.Unannounced;
import dev.serai.record.CollectionKey;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.RecordWriter.Prepared;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one task: the route first, outside any transaction; then, in one that the lease fences, the
 * records it handed over, the message that tells of them, and the end of the task. Dying before
 * that commit repeats the route; dying after it repeats nothing. What a route does elsewhere (a
 * call, a sync made due) happens at least once. Thread-safe.
 */
final class TaskRun {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

  private final InboxWiring wiring;
  private final TaskStore tasks;
  private final Database database;
  private final LongFunction<Optional<Connection>> connections;
  private final Function<String, Optional<Provider>> providers;
  private final RecordWriter writer;
  private final LatestStore latest = new LatestStore();
  private final Announcements announcements = new Announcements();
  private final Outbox outbox;
  private final Duration most;

  /**
   * @param most the longest a route may take; well below the lease
   */
  TaskRun(InboxWiring wiring, TaskStore tasks, Duration most) {
    this.wiring = wiring;
    this.tasks = tasks;
    this.database = wiring.database();
    this.connections = wiring.connections();
    this.providers = wiring.providers();
    this.writer = wiring.writer();
    this.outbox = wiring.outbox();
    this.most = most;
  }

  /**
   * Never throws for what the route does; for the database's trouble it does, and nothing is lost.
   */
  void run(TaskRow task) throws InterruptedException {
    Optional<Connection> connection = connections.apply(task.connection());
    Optional<WebhookRoutes.Registered> route = wiring.routes().find(task.provider(), task.event());
    Optional<TaskStore.Source> source = tasks.source(task.arrival());
    if (connection.isEmpty() || source.isEmpty() || route.isEmpty() && !task.routed()) {
      boolean unused = database.inTransaction(handle -> tasks.done(handle, task));
      return; // deleted meanwhile, or an event that no route wants
    }
    if (route.isEmpty()) { // of another version than the node that dispatched it
      failed(task, new IllegalStateException("this node has no route for it"));
      return;
    }
    GatheredPage page = new GatheredPage("event");
    Optional<Throwable> failure;
    try {
      failure = bounded(task, route.get().route(), connection.get(), source.get(), page);
      List<Batch> batches = page.close();
      failure = failure.or(() -> page.failure().map(IllegalStateException::new));
      if (failure.isEmpty()) {
        end(task, connection.get(), route.get().sync(), source.get(), batches);
        return;
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) { // an Error, too, is booked: else it comes again for ever
      if (DatabaseTrouble.is(e) && !DatabaseTrouble.tooSlow(e)) {
        throw e;
      }
      failure = Optional.of(e);
    }
    failed(task, failure.get());
  }

  /** On a thread of its own, which is interrupted when the time is up. */
  private Optional<Throwable> bounded(
      TaskRow task,
      WebhookRoute route,
      Connection connection,
      TaskStore.Source source,
      GatheredPage page)
      throws InterruptedException {
    JsonNode event = event(task, source);
    FutureTask<Optional<Throwable>> steps =
        new FutureTask<>(() -> route.process(connection, event, page));
    Thread thread = Thread.ofVirtual().name("webhook " + task.id()).start(steps);
    try {
      return steps.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return Optional.of(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      thread.interrupt();
      return Optional.of(
          new IllegalStateException("the route took more than " + most.toSeconds() + " s", e));
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    }
  }

  private JsonNode event(TaskRow task, TaskStore.Source source) {
    var spec = providers.apply(task.provider()).map(Provider::webhooks).orElseThrow();
    Arrival arrival = wiring.contents().read(source.uuid(), source.content());
    return Events.of(spec, arrival).get(task.position());
  }

  private void end(
      TaskRow task,
      Connection connection,
      String sync,
      TaskStore.Source source,
      List<Batch> batches) {
    OffsetDateTime said = source.receivedAt().plus(task.position(), ChronoUnit.MICROS);
    List<Batch> current =
        database.read(handle -> latest.current(handle, connection.id(), said, batches));
    Optional<Prepared> prepared =
        current.isEmpty()
            ? Optional.empty()
            : Optional.of(
                writer.prepare(
                    new Write(
                        connection.id(),
                        CollectionKey.BASE,
                        sync.isEmpty() ? null : sync,
                        "",
                        Writer.WEBHOOK,
                        said,
                        0,
                        current)));
    boolean ours =
        database.inTransaction(handle -> {
          boolean fenced = tasks.done(handle, task);
          if (fenced) {
            prepared.ifPresent(ready -> save(handle, task, connection, sync, source, ready));
            latest.say(handle, connection.id(), said, current);
          }
          return fenced;
        });
    if (ours) {
      outbox.wake();
    } else {
      LOG.warn("{} took longer than its lease; another node has it", task.label());
    }
  }

  private void save(
      Handle handle,
      TaskRow task,
      Connection connection,
      String sync,
      TaskStore.Source source,
      Prepared prepared) {
    var unused = writer.commit(handle, prepared);
    String name = sync.isEmpty() ? task.event() : sync;
    for (Unannounced changes : announcements.take(handle, prepared.seen().keySet())) {
      outbox.write(
          handle, RecordsMessage.of(connection, name, changes, source.receivedAt().toInstant()));
    }
  }

  private void failed(TaskRow task, Throwable failure) {
    Optional<Duration> wait = Repeats.after(task.attempts() + 1);
    String why = Why.of(failure);
    if (wait.isPresent()) {
      LOG.warn("{} failed, tried again in {} s: {}", task.label(), wait.get().toSeconds(), why);
      boolean unused = tasks.later(task, wait.get(), why);
    } else {
      LOG.error("{} failed for the last time, it is kept for 30 days: {}", task.label(), why);
      boolean unused = tasks.dead(task, why);
    }
  }
}

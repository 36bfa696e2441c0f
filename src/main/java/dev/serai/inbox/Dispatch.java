package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.Database;
import dev.serai.database.DatabaseTrouble;
import dev.serai.outbox.Outbox;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.provider.Provider;
import dev.serai.provider.WebhookSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands deliveries to the connections they concern, each to some hundreds at a time: in one
 * transaction their tasks, what is forwarded to them, and how far it has got. An attempt is booked
 * before it is made, so a delivery that cannot be dispatched, whatever it does to the node, waits
 * longer each time and is given up at last, and nobody waits for it. Dying anywhere repeats nothing
 * that was committed. Thread-safe.
 */
final class Dispatch {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  private final Database database;
  private final WebhookRoutes routes;
  private final Function<String, Optional<Provider>> providers;
  private final Contents contents;
  private final Outbox outbox;
  private final Addressees addressees;
  private final DispatchStore store = new DispatchStore();

  Dispatch(InboxWiring wiring) {
    this.database = wiring.database();
    this.routes = wiring.routes();
    this.providers = wiring.providers();
    this.contents = wiring.contents();
    this.outbox = wiring.outbox();
    this.addressees = new Addressees(wiring.inbox());
  }

  /**
   * Takes the delivery that waits longest one step further; false if none waits.
   *
   * @param known the providers that this node can dispatch for
   */
  boolean one(Set<String> known) {
    Optional<DispatchStore.Waiting> next =
        database.inTransaction(handle -> store.begin(handle, known));
    next.ifPresent(this::attempt);
    return next.isPresent();
  }

  private void attempt(DispatchStore.Waiting waiting) {
    try {
      if (waiting.attempts() > Repeats.TRIES) {
        throw new IllegalStateException("no attempt came to an end, good or bad");
      }
      dispatch(waiting);
      outbox.wake();
    } catch (Throwable e) { // an Error, too, is this delivery's affair and not the others'
      if (DatabaseTrouble.is(e) && !DatabaseTrouble.tooSlow(e)) {
        throw e;
      }
      failed(waiting, e);
    }
  }

  private void failed(DispatchStore.Waiting waiting, Throwable e) {
    boolean last = waiting.attempts() >= Repeats.TRIES;
    LOG.warn(
        "A webhook of {} cannot be dispatched (arrival {}): {}; {}",
        waiting.provider(),
        waiting.id(),
        Why.of(e),
        last ? "given up, it is kept for 30 days" : "tried again");
    database.useTransaction(handle -> store.failed(handle, waiting, Why.of(e), last));
  }

  private void dispatch(DispatchStore.Waiting waiting) {
    WebhookSpec spec = providers.apply(waiting.provider()).orElseThrow().webhooks();
    Optional<DispatchStore.Owner> owner =
        database.read(handle -> store.owner(handle, waiting.integration()));
    if (owner.isEmpty() || spec == null) {
      // deleted, or not declared any more: nobody wants it
      database.useTransaction(handle -> store.dispatched(handle, waiting));
      return;
    }
    Arrival arrival = contents.read(waiting.uuid(), waiting.content());
    List<JsonNode> events = Events.of(spec, arrival);
    // What may take long holds no lock and no transaction.
    Addressees.Part part =
        database.read(handle -> addressees.next(handle, waiting, spec, arrival, events));
    List<DispatchStore.Task> tasks = tasks(waiting, spec, arrival, events, part);
    List<OutgoingMessage> messages =
        owner.get().forwards()
            ? messages(waiting, owner.get(), new Envelope(spec, arrival, events), part)
            : List.of();
    database.useTransaction(handle -> commit(handle, waiting, part, tasks, messages));
  }

  private void commit(
      Handle handle,
      DispatchStore.Waiting waiting,
      Addressees.Part part,
      List<DispatchStore.Task> tasks,
      List<OutgoingMessage> messages) {
    boolean ours =
        part.last()
            ? store.dispatched(handle, waiting)
            : store.reached(handle, waiting, part.reached());
    if (ours) { // else it took so long that another node has it
      store.add(handle, waiting, tasks);
      outbox.write(handle, messages);
    }
  }

  private List<DispatchStore.Task> tasks(
      DispatchStore.Waiting waiting,
      WebhookSpec spec,
      Arrival arrival,
      List<JsonNode> events,
      Addressees.Part part) {
    List<DispatchStore.Task> tasks = new ArrayList<>();
    if (WebhookRoutes.in(providers.apply(waiting.provider()).orElseThrow().folder())) {
      List<String> names = events.stream().map(event -> Events.name(spec, arrival, event)).toList();
      part.whose()
          .forEach((connection, positions) ->
              positions.forEach(position -> {
                String name = names.get(position);
                boolean routed = routes.find(waiting.provider(), name).isPresent();
                tasks.add(new DispatchStore.Task(connection.id(), name, position, routed));
              }));
    }
    return tasks;
  }

  /** One per connection; and of what concerns nobody one, which is the provider's body alone. */
  private static List<OutgoingMessage> messages(
      DispatchStore.Waiting waiting,
      DispatchStore.Owner owner,
      Envelope envelope,
      Addressees.Part part) {
    var from = new Forwarding.From(waiting.environment(), waiting.provider(), owner.uniqueKey());
    List<OutgoingMessage> messages = new ArrayList<>();
    part.whose()
        .forEach((connection, positions) ->
            messages.add(
                Forwarding.matched(
                    from, connection, envelope.with(positions), envelope.headers())));
    part.nobodys()
        .ifPresent(positions ->
            messages.add(Forwarding.unmatched(from, envelope.with(positions), envelope.headers())));
    return messages;
  }
}

package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.database.DatabaseTrouble;
import dev.serai.outbox.Outbox;
import dev.serai.provider.Provider;
import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Match;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whom a delivery concerns: in one transaction its tasks, what is forwarded of it, and
 * that it is dispatched. A row lock keeps other nodes off; dying anywhere leaves it as it was.
 * Thread-safe.
 */
final class Dispatch {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  private final Database database;
  private final InboxStore inbox;
  private final DispatchStore store = new DispatchStore();
  private final Function<String, Optional<Provider>> providers;
  private final Contents contents;
  private final Outbox outbox;

  Dispatch(
      Database database,
      InboxStore inbox,
      Function<String, Optional<Provider>> providers,
      Contents contents,
      Outbox outbox) {
    this.database = database;
    this.inbox = inbox;
    this.providers = providers;
    this.contents = contents;
    this.outbox = outbox;
  }

  /**
   * Dispatches the delivery that waits longest; false if none does.
   *
   * @param known the providers that this node can dispatch for
   */
  boolean one(Set<String> known) {
    AtomicReference<DispatchStore.@Nullable Waiting> hand = new AtomicReference<>();
    try {
      boolean found =
          database.inTransaction(handle -> {
            Optional<DispatchStore.Waiting> next = store.next(handle, known);
            next.ifPresent(arrival -> {
              hand.set(arrival);
              dispatch(handle, arrival);
              store.dispatched(handle, arrival.id());
            });
            return next.isPresent();
          });
      if (found) {
        outbox.wake();
      }
      return found;
    } catch (RuntimeException e) {
      DispatchStore.Waiting arrival = hand.get();
      if (arrival == null || DatabaseTrouble.is(e)) {
        throw e;
      }
      failed(arrival, e);
      return true;
    }
  }

  private void failed(DispatchStore.Waiting arrival, RuntimeException e) {
    var wait = Repeats.after(arrival.attempts() + 1);
    LOG.warn(
        "A webhook of {} cannot be dispatched (arrival {}): {}; {}",
        arrival.provider(),
        arrival.id(),
        e.toString(),
        wait.isPresent() ? "tried again" : "given up, it is kept for 30 days");
    database.useTransaction(
        handle -> store.failed(handle, arrival, e.toString(), wait.orElse(null)));
  }

  private void dispatch(Handle handle, DispatchStore.Waiting waiting) {
    Optional<DispatchStore.Owner> owner = store.owner(handle, waiting.integration());
    Provider provider = providers.apply(waiting.provider()).orElseThrow();
    WebhookSpec spec = provider.webhooks();
    if (owner.isEmpty() || spec == null) {
      return; // deleted, or not declared any more: nobody wants it
    }
    Arrival arrival = contents.read(waiting.uuid(), waiting.content());
    Map<InboxStore.Named, ArrayNode> whose = new LinkedHashMap<>();
    List<JsonNode> events = Events.of(spec, arrival);
    boolean routes = WebhookRoutes.in(provider.folder());
    for (int i = 0; i < events.size(); i++) {
      List<InboxStore.Named> matched = match(handle, waiting, spec, arrival, events.get(i));
      for (InboxStore.Named connection : matched) {
        whose.computeIfAbsent(connection, any -> Json.array()).add(events.get(i));
      }
      if (routes) {
        store.add(
            handle,
            waiting,
            i,
            Events.name(spec, arrival, events.get(i)),
            matched.stream().map(InboxStore.Named::id).toList());
      }
    }
    if (owner.get().forwards()) {
      forward(handle, waiting, owner.get(), spec, arrival, whose);
    }
  }

  private List<InboxStore.Named> match(
      Handle handle,
      DispatchStore.Waiting waiting,
      WebhookSpec spec,
      Arrival arrival,
      JsonNode event) {
    List<Long> proven = waiting.connections();
    if (proven != null) {
      return inbox.among(handle, waiting.integration(), proven);
    }
    return switch (spec.match()) {
      case Match.None() -> List.of();
      case Match.All() -> inbox.all(handle, waiting.integration());
      case Match.By by ->
          inbox.matching(
              handle,
              waiting.integration(),
              by.target(),
              arrival.text(by.place(), event).orElse(""));
    };
  }

  /** One message per connection: of a delivery of several events those that concern it. */
  private void forward(
      Handle handle,
      DispatchStore.Waiting waiting,
      DispatchStore.Owner owner,
      WebhookSpec spec,
      Arrival arrival,
      Map<InboxStore.Named, ArrayNode> whose) {
    var from = new Forwarding.From(waiting.environment(), waiting.provider(), owner.uniqueKey());
    if (whose.isEmpty()) {
      outbox.write(handle, Forwarding.unmatched(from, arrival.json(), arrival.headers()));
    }
    for (Map.Entry<InboxStore.Named, ArrayNode> entry : new ArrayList<>(whose.entrySet())) {
      JsonNode payload = spec.each() == null ? arrival.json() : entry.getValue();
      outbox.write(handle, Forwarding.matched(from, entry.getKey(), payload, arrival.headers()));
    }
  }
}

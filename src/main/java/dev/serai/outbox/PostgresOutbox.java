package dev.serai.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The outbox in PostgreSQL: message and deliveries stand or fall with the caller's transaction.
 * Their ids are drawn once; each attempt repeats id and bytes. Thread-safe.
 *
 * <p>Order: messages are sent side by side and a refused one comes later, so a backend may be told
 * of a later change first. A webhook therefore says <em>that</em> something changed and since when;
 * the order of changes is the order of {@code GET /records}.
 */
public final class PostgresOutbox implements Outbox {
  private final OutboxStore store;
  private final Deliveries deliveries;

  /**
   * @param deliveries of this node, woken after each commit
   */
  public PostgresOutbox(Deliveries deliveries) {
    this.deliveries = deliveries;
    this.store = deliveries.store();
  }

  @Override
  public Optional<String> write(Handle transaction, OutgoingMessage message) {
    return heard(transaction, List.of(message)).stream().map(OutboxStore.Addressed::id).findFirst();
  }

  @Override
  public void write(Handle transaction, List<OutgoingMessage> messages) {
    var unused = heard(transaction, messages);
  }

  /** Writes those that somebody listens to. */
  private List<OutboxStore.Addressed> heard(Handle transaction, List<OutgoingMessage> messages) {
    Map<Integer, List<String>> endpoints = new HashMap<>();
    List<OutboxStore.Addressed> heard = new ArrayList<>();
    for (OutgoingMessage message : messages) {
      String override = message.urlOverride();
      List<String> urls =
          override == null || override.isBlank()
              ? endpoints.computeIfAbsent(
                  message.environment(), environment -> store.endpoints(transaction, environment))
              : List.of(override);
      if (!urls.isEmpty()) {
        String id = "msg_" + UUID.randomUUID().toString().replace("-", "");
        heard.add(new OutboxStore.Addressed(id, message, urls));
      }
    }
    store.insert(transaction, heard);
    return heard;
  }

  @Override
  public void wake() {
    deliveries.wake();
  }
}

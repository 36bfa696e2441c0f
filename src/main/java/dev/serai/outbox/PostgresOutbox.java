package dev.serai.outbox;

import java.util.List;
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
    List<String> urls = urls(transaction, message);
    if (urls.isEmpty()) {
      return Optional.empty();
    }
    String id = "msg_" + UUID.randomUUID().toString().replace("-", "");
    store.insert(transaction, id, message, WebhookBody.of(message.body()));
    urls.forEach(url -> store.insertDelivery(transaction, id, url));
    return Optional.of(id);
  }

  private List<String> urls(Handle transaction, OutgoingMessage message) {
    String override = message.urlOverride();
    return override == null || override.isBlank()
        ? store.endpoints(transaction, message.environment())
        : List.of(override);
  }

  @Override
  public void wake() {
    deliveries.wake();
  }
}

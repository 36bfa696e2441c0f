package dev.serai.outbox;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One webhook on its way to one URL, leased to this node. A crash lets the lease run out and the
 * same id and bytes are sent again.
 *
 * @param id our row
 * @param messageId the webhook-id
 * @param content the body, opened when it is asked for: one that does not open holds up no other
 * @param headers sent beside our own
 * @param tries booked before this one
 * @param lease proves that the result is still ours to book
 */
public record Delivery(
    long id,
    String messageId,
    int environment,
    String url,
    Supplier<String> content,
    Map<String, String> headers,
    int tries,
    UUID lease) {

  /**
   * @throws dev.serai.SeraiException if it lies sealed and cannot be opened
   */
  public String body() {
    return content.get();
  }

  /** For messages; without the URL's query, which may hold a secret. */
  public String label() {
    int query = url.indexOf('?');
    return "webhook %s to %s".formatted(messageId, query < 0 ? url : url.substring(0, query));
  }
}

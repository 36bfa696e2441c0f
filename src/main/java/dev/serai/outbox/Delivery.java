package dev.serai.outbox;

import java.util.Map;
import java.util.UUID;

/**
 * One webhook on its way to one URL, leased to this node. A crash lets the lease run out and the
 * same id and bytes are sent again.
 *
 * @param id our row
 * @param messageId the webhook-id
 * @param headers sent beside our own
 * @param tries booked before this one
 * @param lease proves that the result is still ours to book
 */
public record Delivery(
    long id,
    String messageId,
    int environment,
    String url,
    String body,
    Map<String, String> headers,
    int tries,
    UUID lease) {

  /** For messages; without the URL's query, which may hold a secret. */
  public String label() {
    int query = url.indexOf('?');
    return "webhook %s to %s".formatted(messageId, query < 0 ? url : url.substring(0, query));
  }
}

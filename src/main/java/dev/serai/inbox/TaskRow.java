package dev.serai.inbox;

import java.util.UUID;

/**
 * One event of a delivery for one connection, leased to this node. A crash lets the lease run out
 * and it is done again.
 *
 * @param position which of the delivery's events
 * @param routed a route wanted it when it was dispatched
 * @param attempts before this one
 * @param lease proves that the result is still ours to book
 */
record TaskRow(
    long id,
    long arrival,
    long connection,
    String provider,
    String event,
    int position,
    boolean routed,
    int attempts,
    UUID lease) {
  /** For messages. */
  String label() {
    return "webhook %s/%s (arrival %d, connection row %d)"
        .formatted(provider, event, arrival, connection);
  }
}

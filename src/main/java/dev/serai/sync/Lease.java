package dev.serai.sync;

import java.time.Instant;
import java.util.UUID;

/**
 * The right to run one sync until the lease runs out; the token fences whoever held it before.
 *
 * @param due when the run was due, for the grid of the next one
 */
record Lease(
    long sync,
    UUID token,
    long connection,
    String provider,
    String name,
    String variant,
    Instant due) {
  String key() {
    return provider + "/" + name;
  }
}

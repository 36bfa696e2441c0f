package dev.serai.connection;

import java.time.Duration;

/**
 * @param node the name of this node in leases, the same after a restart
 * @param lease so long after its last sign of life an owner counts as gone; below every provider's
 *     grace
 * @param patience the longest that somebody waits for a renewal
 * @param firstRetry the longest wait after a first failure; doubles from there
 * @param lastRetry the longest wait at all
 */
public record RefreshSettings(
    String node, Duration lease, Duration patience, Duration firstRetry, Duration lastRetry) {

  public static RefreshSettings of(String node, Duration lease) {
    return new RefreshSettings(
        node, lease, Duration.ofSeconds(60), Duration.ofSeconds(2), Duration.ofMinutes(5));
  }

  Duration heartbeat() {
    return lease.dividedBy(4);
  }
}

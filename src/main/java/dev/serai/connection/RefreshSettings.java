package dev.serai.connection;

import java.time.Duration;
import java.util.UUID;

/**
 * @param node the name of this node, the same after a restart
 * @param life of this process, which no other has; leases are of the node and the life
 * @param lease so long after its last sign of life an owner counts as gone; below every provider's
 *     grace
 * @param patience the longest that somebody waits for a renewal
 * @param firstRetry the longest wait after a first failure; doubles from there
 * @param lastRetry the longest wait at all
 * @param parting so long a stop waits for answers to calls that are on their way
 */
public record RefreshSettings(
    String node,
    String life,
    Duration lease,
    Duration patience,
    Duration firstRetry,
    Duration lastRetry,
    Duration parting) {

  public static RefreshSettings of(String node, Duration lease, Duration parting) {
    return new RefreshSettings(
        node,
        UUID.randomUUID().toString(),
        lease,
        Duration.ofSeconds(60),
        Duration.ofSeconds(2),
        Duration.ofMinutes(5),
        parting);
  }

  /** Whose leases they are: a node that was started anew is somebody else. */
  String owner() {
    return node + "#" + life;
  }

  Duration heartbeat() {
    return lease.dividedBy(4);
  }
}

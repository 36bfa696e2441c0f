package dev.serai.sync;

import java.time.Duration;

/**
 * @param node names this node in leases; the same after a restart, so that it takes its own runs up
 *     at once
 * @param concurrency how many runs at once on this node
 * @param lease how long a run belongs to a node that is not heard of; above the database's
 *     transaction timeout, so that no transaction outlives its lease
 * @param heartbeat how often the lease is renewed; at most a third of it
 * @param bytesInFlight budget of answer bytes between fetch and commit, node-wide
 * @param retries transient failures in a row, without a page of progress, before a run is given up
 */
public record RunSettings(
    String node,
    int concurrency,
    Duration lease,
    Duration heartbeat,
    long bytesInFlight,
    int retries) {
  public RunSettings {
    if (heartbeat.multipliedBy(3).compareTo(lease) > 0) {
      throw new IllegalArgumentException("a lease needs three chances to be renewed");
    }
  }
}

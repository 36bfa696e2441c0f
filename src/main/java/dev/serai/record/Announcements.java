package dev.serai.record;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What changed in a collection since the backend was last told. */
public final class Announcements {
  /**
   * @param modifiedAfter the oldest unannounced stamp, floored to milliseconds: listing from it
   *     (inclusive) misses nothing
   */
  public record Unannounced(
      long collection,
      String model,
      String variant,
      long added,
      long updated,
      long deleted,
      Instant modifiedAfter) {}

  /**
   * Locks the collections in ascending id, counts what changed since they were last announced and
   * marks it as announced. Call it in the transaction that writes the messages.
   *
   * @return one row per collection with at least one change, ascending by id
   */
  public List<Unannounced> take(Handle transaction, Set<Long> collections) {
    throw new UnsupportedOperationException();
  }
}

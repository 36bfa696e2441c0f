package dev.serai.record;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** What changed in a collection since the backend was last told. Thread-safe. */
public final class Announcements {
  private final AnnouncementStore store = new AnnouncementStore();

  /**
   * @param added rows the backend has not been told of as live, however often they changed since
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
    List<Unannounced> taken = new ArrayList<>();
    if (collections.isEmpty()) {
      return taken;
    }
    for (AnnouncementStore.Pending pending : store.lock(transaction, new TreeSet<>(collections))) {
      AnnouncementStore.Changes changes = store.changes(transaction, pending);
      store.announce(transaction, pending.collection());
      OffsetDateTime oldest = changes.oldest();
      if (oldest != null) {
        taken.add(
            new Unannounced(
                pending.collection(),
                pending.model(),
                pending.variant(),
                changes.added(),
                changes.updated(),
                changes.deleted(),
                oldest.toInstant().truncatedTo(ChronoUnit.MILLIS)));
      }
    }
    return taken;
  }
}

package dev.serai.record;

import dev.serai.record.CollectionStore.Growth;
import dev.serai.record.LookUpStore.Found;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Step ③ decided: what a collection's locked rows need so that they say what the page says. Pure;
 * versions follow the order of the page.
 */
final class Diff {
  private final List<Revision> added = new ArrayList<>();
  private final List<Revision> changed = new ArrayList<>();
  private final List<Revision> adopted = new ArrayList<>();
  private long version;
  private long undeleted;
  private long updated;
  private long unwatched;
  private long deleted;
  private long unchanged;
  private long skipped;
  private long bytes;

  /**
   * One new version of one row.
   *
   * @param row what is there; null if it is new
   * @param told whether it is worth a webhook
   */
  record Revision(Item item, long version, char action, @Nullable StoredRow row, boolean told) {}

  /**
   * @param version the collection's version so far
   * @param items the items looked up
   * @param found what differed, by ascending index into the items; an item that is not in it agrees
   */
  Diff(long version, List<Item> items, List<Found> found) {
    this.version = version;
    unchanged = items.stream().filter(item -> !item.deletes()).count();
    for (Found one : found) {
      decide(items.get(one.index()), one.row(), one);
    }
  }

  private void decide(Item item, @Nullable StoredRow row, Found found) {
    if (row != null && found.same() && !row.deleted()) {
      if (row.foreign()) {
        adopted.add(new Revision(item, row.version(), 'u', row, true));
      }
      return;
    }
    unchanged -= item.deletes() ? 0 : 1;
    if (row == null) {
      added.add(next(item, 'a', null, true));
      bytes += item.length();
    } else if (row.guarded() && !item.overrides()) {
      skipped++;
    } else {
      change(item, row, found.quiet());
    }
  }

  private void change(Item item, StoredRow row, boolean quiet) {
    if (item.deletes()) {
      deleted++;
      changed.add(next(item, 'd', row, true));
      return;
    }
    bytes += item.length() - row.bytes();
    if (row.deleted()) {
      undeleted++;
      changed.add(next(item, 'a', row, true));
    } else if (quiet) {
      unwatched++;
      changed.add(next(item, 'u', row, false));
    } else {
      updated++;
      changed.add(next(item, 'u', row, true));
    }
  }

  private Revision next(Item item, char action, @Nullable StoredRow row, boolean told) {
    return new Revision(item, ++version, action, row, told);
  }

  List<Revision> added() {
    return added;
  }

  /** Rows that get a new version, with or without a new payload. */
  List<Revision> changed() {
    return changed;
  }

  /** Rows that agree, but belong to another stream until now. */
  List<Revision> adopted() {
    return adopted;
  }

  /** Whether a payload is to be written; else rows are only deleted or adopted. */
  boolean saves() {
    return !added.isEmpty() || changed.stream().anyMatch(row -> !row.item().deletes());
  }

  /** The collection's version afterwards. */
  long version() {
    return version;
  }

  Growth growth() {
    return new Growth(added.size() + undeleted - deleted, deleted - undeleted, bytes);
  }

  /** Without quarantine and duplicates, which no row decides. */
  RecordWriter.Counts counts() {
    return new RecordWriter.Counts(
        added.size() + undeleted, updated, deleted, unchanged, 0, 0, skipped, unwatched);
  }
}

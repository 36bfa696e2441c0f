package dev.serai.record;

import dev.serai.record.CollectionStore.Growth;
import dev.serai.record.RecordStore.Found;
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
  private long deleted;
  private long unchanged;
  private long skipped;
  private long bytes;

  /**
   * One new version of one row.
   *
   * @param place where the row lies; null if it is new
   */
  record Revision(Item item, long version, char action, @Nullable String place) {}

  /**
   * @param version the collection's version so far
   * @param items the items looked up
   * @param found what differed, by index into the items; an item that is not in it agrees
   */
  Diff(long version, List<Item> items, List<Found> found) {
    this.version = version;
    @Nullable Found[] byIndex = new Found[items.size()];
    found.forEach(row -> byIndex[row.index()] = row);
    for (int i = 0; i < byIndex.length; i++) {
      decide(items.get(i), byIndex[i]);
    }
  }

  private void decide(Item item, @Nullable Found row) {
    if (row == null) {
      unchanged += item.deletes() ? 0 : 1;
    } else if (!row.exists()) {
      added.add(next(item, 'a', row));
      bytes += item.length();
    } else if (row.same() && !row.deleted()) {
      adopted.add(new Revision(item, row.version(), 'u', row.place()));
      unchanged++;
    } else if (row.guarded()) {
      skipped++;
    } else {
      change(item, row);
    }
  }

  private void change(Item item, Found row) {
    if (item.deletes()) {
      deleted++;
      changed.add(next(item, 'd', row));
      return;
    }
    bytes += item.length() - row.bytes();
    if (row.deleted()) {
      undeleted++;
      changed.add(next(item, 'a', row));
    } else {
      updated++;
      changed.add(next(item, 'u', row));
    }
  }

  private Revision next(Item item, char action, Found row) {
    return new Revision(item, ++version, action, row.place());
  }

  List<Revision> added() {
    return added;
  }

  List<Revision> changed() {
    return changed;
  }

  /** Rows that agree, but belong to another stream until now. */
  List<Revision> adopted() {
    return adopted;
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
        added.size() + undeleted, updated, deleted, unchanged, 0, 0, skipped);
  }
}

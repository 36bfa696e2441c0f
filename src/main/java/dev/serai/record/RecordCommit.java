package dev.serai.record;

import dev.serai.record.CollectionStore.State;
import dev.serai.record.Diff.Revision;
import dev.serai.record.RecordStore.Found;
import dev.serai.record.RecordWriter.Counts;
import dev.serai.record.RecordWriter.Write;
import dev.serai.record.RecordWriter.Writer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * The steps of design.md §6 inside one transaction: ① look up without a lock, ② lock what differs,
 * ③ look up again, ④ write rows, ⑤ move the collection. Thread-safe.
 */
final class RecordCommit {
  /** Deletions that no page and no stream says: the version bound guards them instead. */
  private static final Write HOUSEKEEPING =
      new Write(0, CollectionKey.BASE, null, "", Writer.PAGE, OffsetDateTime.MAX, 0, List.of());

  private final CollectionStore collections;
  private final RecordStore records = new RecordStore();
  private final QuarantineStore quarantine;

  RecordCommit(CollectionStore collections, QuarantineStore quarantine) {
    this.collections = collections;
    this.quarantine = quarantine;
  }

  Counts page(Handle transaction, Write write, byte[] text, List<Part> parts) {
    Counts counts = Counts.NONE;
    SortedMap<Long, List<Item>> differing = new TreeMap<>();
    for (Part part : parts) {
      List<Item> items = differing(transaction, part, write);
      long same = saves(part.items()) - saves(items);
      counts = counts.plus(new Counts(0, 0, 0, same, part.broken().size(), part.duplicates(), 0));
      if (!items.isEmpty()) {
        differing.put(part.collection(), items);
      }
    }
    counts = counts.plus(write(transaction, write, text, differing));
    settleQuarantine(transaction, parts, write);
    return counts;
  }

  private static long saves(List<Item> items) {
    return items.stream().filter(item -> !item.deletes()).count();
  }

  private List<Item> differing(Handle transaction, Part part, Write write) {
    List<Item> items = part.items();
    if (items.isEmpty()) {
      return List.of();
    }
    List<Found> found = records.lookUp(transaction, part.collection(), items, write);
    return found.stream().map(Found::index).sorted().map(items::get).toList();
  }

  private Counts write(
      Handle transaction, Write write, byte[] text, SortedMap<Long, List<Item>> differing) {
    Counts counts = Counts.NONE;
    if (differing.isEmpty()) {
      return counts;
    }
    TreeSet<Long> ids = new TreeSet<>(differing.keySet());
    collections.lock(transaction, ids);
    for (State state : collections.states(transaction, ids)) {
      List<Item> items = differing.getOrDefault(state.id(), List.of());
      List<Found> found = records.lookUp(transaction, state.id(), items, write);
      Diff diff = new Diff(state.version(), items, found);
      apply(transaction, state, diff, write, text);
      counts = counts.plus(diff.counts());
    }
    return counts;
  }

  private void apply(Handle transaction, State state, Diff diff, Write write, byte[] text) {
    if (!diff.added().isEmpty()) {
      records.insert(transaction, rows(state, write, text, diff.added()));
    }
    if (!diff.changed().isEmpty()) {
      records.revise(transaction, rows(state, write, text, diff.changed()));
    }
    if (!diff.adopted().isEmpty()) {
      records.adopt(transaction, state.id(), diff.adopted(), write);
    }
    if (diff.version() > state.version()) {
      collections.advance(
          transaction, new State(state.id(), diff.version(), state.stamp()), diff.growth());
    }
  }

  private static RecordCopy.Rows rows(
      State state, Write write, byte[] text, List<Revision> revisions) {
    return new RecordCopy.Rows(state.id(), state.stamp(), write, text, revisions);
  }

  private void settleQuarantine(Handle transaction, List<Part> parts, Write write) {
    for (Part part : parts) {
      if (!part.broken().isEmpty()) {
        quarantine.keep(transaction, part.collection(), part.broken(), write);
      }
      if (!part.items().isEmpty()) {
        quarantine.release(transaction, part.collection(), part.items());
      }
    }
  }

  long deleteMissing(Handle transaction, long collection, List<String> externalIds, long baseline) {
    TreeSet<Long> locks = new TreeSet<>(List.of(collection));
    collections.lock(transaction, locks);
    State state = collections.states(transaction, locks).getFirst();
    List<Item> items = externalIds.stream().distinct().map(Item::deleted).toList();
    List<Item> missing = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    for (Found row : records.lookUp(transaction, collection, items, HOUSEKEEPING)) {
      if (row.version() <= baseline) {
        found.add(row.at(missing.size()));
        missing.add(items.get(row.index()));
      }
    }
    Diff diff = new Diff(state.version(), missing, found);
    apply(transaction, state, diff, HOUSEKEEPING, new byte[0]);
    return diff.counts().deleted();
  }
}

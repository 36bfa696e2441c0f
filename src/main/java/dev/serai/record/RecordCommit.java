package dev.serai.record;

import dev.serai.record.CollectionStore.State;
import dev.serai.record.Diff.Revision;
import dev.serai.record.LookUpStore.Found;
import dev.serai.record.LookUpStore.Seen;
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
 * ③ look up again if anybody wrote in between, ④ write rows, ⑤ move the collection. Thread-safe.
 */
final class RecordCommit {
  /** Deletions that no page and no stream says: the version bound guards them instead. */
  private static final Write HOUSEKEEPING =
      new Write(0, CollectionKey.BASE, null, "", Writer.PAGE, OffsetDateTime.MAX, 0, List.of());

  private final CollectionStore collections;
  private final RowForms forms;
  private final LookUpStore lookUp = new LookUpStore();
  private final RecordStore records = new RecordStore();
  private final QuarantineStore quarantine;

  RecordCommit(CollectionStore collections, RowForms forms, QuarantineStore quarantine) {
    this.collections = collections;
    this.forms = forms;
    this.quarantine = quarantine;
  }

  /** A part of which something differs, as it was seen without a lock. */
  private record Differing(Part part, Seen seen) {}

  Counts page(Handle transaction, Write write, byte[] text, List<Part> parts) {
    Counts counts = Counts.NONE;
    SortedMap<Long, Differing> differing = new TreeMap<>();
    for (Part part : parts) {
      counts = counts.plus(new Counts(0, 0, 0, 0, part.broken().size(), part.duplicates(), 0, 0));
      Seen seen = lookUp(transaction, part, part.items(), write);
      if (seen.rows().isEmpty()) {
        long same = part.items().stream().filter(item -> !item.deletes()).count();
        counts = counts.plus(new Counts(0, 0, 0, same, 0, 0, 0, 0));
      } else {
        differing.put(part.collection(), new Differing(part, seen));
      }
    }
    counts = counts.plus(write(transaction, write, text, differing));
    settleQuarantine(transaction, parts, write);
    return counts;
  }

  private Seen lookUp(Handle transaction, Part part, List<Item> items, Write write) {
    return items.isEmpty()
        ? new Seen(List.of(), 0)
        : lookUp.lookUp(transaction, part.collection(), part.form(), items, write);
  }

  private Counts write(
      Handle transaction, Write write, byte[] text, SortedMap<Long, Differing> differing) {
    Counts counts = Counts.NONE;
    if (differing.isEmpty()) {
      return counts;
    }
    for (State state : collections.lock(transaction, new TreeSet<>(differing.keySet()))) {
      Differing one = differing.get(state.id());
      if (one == null) {
        throw new IllegalStateException("locked a collection that nobody asked for");
      }
      Part part = one.part();
      Seen seen = one.seen();
      // Every transaction that touches rows moves "writes" under the lock that is now ours: the
      // same number means that what was seen before it is what lies there.
      if (seen.writes() != state.writes()) {
        seen = lookUp(transaction, part, part.items(), write);
      }
      Diff diff = new Diff(state.version(), part.items(), compared(text, part, seen.rows()));
      apply(transaction, state, part.form(), diff, write, text);
      counts = counts.plus(diff.counts());
    }
    return counts;
  }

  private List<Found> compared(byte[] text, Part part, List<Found> rows) {
    return rows.stream()
        .map(row -> forms.compared(text, part.items().get(row.index()), row, part.form()))
        .toList();
  }

  private void apply(
      Handle transaction, State state, RowForm form, Diff diff, Write write, byte[] text) {
    records.write(transaction, rows(state, form, write, text, diff.added()), diff.changed());
    if (!diff.adopted().isEmpty()) {
      records.adopt(transaction, state.id(), diff.adopted(), write);
    }
    if (diff.version() > state.version()) {
      collections.advance(
          transaction, state.to(diff.version()), diff.growth(), diff.saves() ? form.named() : null);
    } else if (!diff.adopted().isEmpty()) {
      collections.touch(transaction, state.id());
    }
  }

  private static RecordCopy.Rows rows(
      State state, RowForm form, Write write, byte[] text, List<Revision> revisions) {
    return new RecordCopy.Rows(state.id(), form, state.stamp(), write, text, revisions);
  }

  private void settleQuarantine(Handle transaction, List<Part> parts, Write write) {
    for (Part part : parts) {
      if (!part.broken().isEmpty()) {
        quarantine.keep(transaction, part, write);
      }
      if (!part.items().isEmpty() && quarantine.holds(transaction, part.collection())) {
        quarantine.release(transaction, part.collection(), part.items());
      }
    }
  }

  long deleteMissing(
      Handle transaction, long collection, RowForm form, List<String> externalIds, long baseline) {
    State state = collections.lock(transaction, new TreeSet<>(List.of(collection))).getFirst();
    List<Item> items = externalIds.stream().distinct().map(id -> Item.deleted(id, false)).toList();
    List<Item> missing = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    for (Found row : lookUp.lookUp(transaction, collection, form, items, HOUSEKEEPING).rows()) {
      StoredRow stored = row.row();
      if (stored != null && stored.version() <= baseline) {
        found.add(new Found(missing.size(), stored, false, false));
        missing.add(items.get(row.index()));
      }
    }
    Diff diff = new Diff(state.version(), missing, found);
    apply(transaction, state, form, diff, HOUSEKEEPING, new byte[0]);
    return diff.counts().deleted();
  }
}

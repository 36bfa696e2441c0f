package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.ConversionStore.Candidate;
import dev.serai.record.ConversionStore.Stand;
import dev.serai.record.ConversionStore.StoredRecord;
import dev.serai.record.HistoryConversionStore.StoredImages;
import dev.serai.record.QuarantineConversionStore.Refusal;
import dev.serai.record.QuarantineConversionStore.Rewritten;
import dev.serai.vault.VaultException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is stored to the form in which it would be written now: sealed or plain, hashed by
 * the current recipe. No record changes by it: no version, no stamp, no event, no cursor. Each
 * chunk is a transaction that locks its collection, so it can die anywhere, be repeated, race with
 * another node and run beside writers. Thread-safe.
 */
public final class RecordConversion {
  private static final Logger LOG = LoggerFactory.getLogger(RecordConversion.class);
  private static final int CHUNK = 500;
  private static final int COLLECTIONS = 1_000;

  /** So that other chores of the same timer have their turn. */
  private static final Duration TURN = Duration.ofSeconds(40);

  private final Database database;
  private final CollectionStore collections;
  private final RowForms forms;
  private final ConversionStore records;
  private final HistoryConversionStore history = new HistoryConversionStore();
  private final QuarantineConversionStore quarantine = new QuarantineConversionStore();

  public RecordConversion(Database database, ModelPolicies policies, Sealing sealing) {
    this.database = database;
    this.collections = new CollectionStore(database);
    this.forms = new RowForms(database, policies, sealing);
    this.records = new ConversionStore(database);
  }

  /**
   * What was done.
   *
   * @param collections that are of the current form since then
   * @param rows rewritten: records, versions in the history, refusals in quarantine
   * @param left rows that could not be read, and stay as they are
   */
  public record Converted(long collections, long rows, long left) {
    static final Converted NOTHING = new Converted(0, 0, 0);

    Converted plus(Converted more) {
      return new Converted(collections + more.collections, rows + more.rows, left + more.left);
    }
  }

  /**
   * Goes on where it was left, through the collections of all live connections; for less than a
   * minute, so call it again.
   *
   * @param on asked before every chunk whether to go on
   */
  public Converted convert(BooleanSupplier on) {
    long end = System.nanoTime() + TURN.toNanos();
    return convertWhile(() -> on.getAsBoolean() && System.nanoTime() < end);
  }

  private Converted convertWhile(BooleanSupplier on) {
    Converted all = Converted.NOTHING;
    long after = 0;
    List<Candidate> next = records.collections(after, COLLECTIONS);
    while (!next.isEmpty()) {
      for (Candidate candidate : next) {
        if (!forms.named(candidate.provider(), candidate.model()).equals(candidate.converted())) {
          if (!on.getAsBoolean()) {
            return all;
          }
          all = all.plus(convert(candidate, on));
        }
        after = candidate.id();
      }
      next = records.collections(after, COLLECTIONS);
    }
    return all;
  }

  private Converted convert(Candidate candidate, BooleanSupplier on) {
    Converted all = Converted.NOTHING;
    try {
      RowForm form = forms.now(candidate.connection(), candidate.provider(), candidate.model());
      Chunk chunk;
      do {
        chunk = database.inTransaction(transaction -> chunk(transaction, candidate, form));
        if (all.rows() == 0 && chunk.rows() > 0) {
          LOG.info("Collection {} begins to become {}", label(candidate), form.named());
        }
        if (chunk.why() != null) {
          LOG.warn(
              "{} rows of collection {} stay as they are; the first: {}",
              chunk.left(),
              label(candidate),
              chunk.why());
        }
        all = all.plus(new Converted(0, chunk.rows(), chunk.left()));
      } while (chunk.more() && on.getAsBoolean());
      if (!chunk.more() && all.rows() + all.left() > 0) {
        LOG.info(
            "Collection {} is {} now; rewritten since this began or went on: {} rows, left: {}",
            label(candidate),
            form.named(),
            all.rows(),
            all.left());
      }
      return all.plus(new Converted(chunk.more() ? 0 : 1, 0, 0));
    } catch (CollectionGone | VaultException e) {
      LOG.info("Collection {} goes with its connection: {}", label(candidate), e.getMessage());
      return all;
    }
  }

  private static String label(Candidate candidate) {
    return "%d (%s of connection row %d)"
        .formatted(candidate.id(), candidate.model(), candidate.connection());
  }

  /**
   * What one transaction did.
   *
   * @param more false: the collection is of the form, or gone
   */
  private record Chunk(long rows, long left, @Nullable String why, boolean more) {
    static final Chunk END = new Chunk(0, 0, null, false);
  }

  private Chunk chunk(Handle transaction, Candidate candidate, RowForm form) {
    // What a deletion erases must not be unsealed by a node that still remembers the key.
    if (!records.hold(transaction, candidate.connection())) {
      return Chunk.END;
    }
    long collection = candidate.id();
    var unused = collections.lock(transaction, new TreeSet<>(List.of(collection)));
    Stand stand = records.stand(transaction, collection);
    if (form.named().equals(stand.converted())) {
      return Chunk.END;
    }
    Place place =
        form.underWay().equals(stand.converted()) ? Place.parse(stand.after()) : Place.START;
    RowConversion rows = new RowConversion(collection, form, forms);
    Step step =
        switch (place.phase()) {
          case RECORDS -> records(transaction, collection, place, rows, form);
          case HISTORY -> history(transaction, collection, place, rows);
          case QUARANTINE -> quarantine(transaction, collection, place, rows);
        };
    records.move(
        transaction,
        collection,
        step.next() == null
            ? new Stand(form.named(), null)
            : new Stand(form.underWay(), step.next().toString()));
    return new Chunk(step.rewritten(), rows.left(), rows.why(), step.next() != null);
  }

  /**
   * @param next null: this was the end
   */
  private record Step(int rewritten, @Nullable Place next) {}

  private Step records(
      Handle transaction, long collection, Place place, RowConversion rows, RowForm form) {
    List<StoredRecord> seen = records.records(transaction, collection, place.after(), form, CHUNK);
    if (seen.isEmpty()) {
      return new Step(0, new Place(Place.Phase.HISTORY, "0"));
    }
    List<StoredRecord> changed = seen.stream().map(rows::record).filter(Objects::nonNull).toList();
    if (!changed.isEmpty()) {
      records.rewriteRecords(transaction, collection, changed);
    }
    return new Step(changed.size(), place.at(seen.getLast().externalId()));
  }

  private Step history(Handle transaction, long collection, Place place, RowConversion rows) {
    List<StoredImages> seen =
        history.images(transaction, collection, Long.parseLong(place.after()), CHUNK);
    if (seen.isEmpty()) {
      return new Step(0, new Place(Place.Phase.QUARANTINE, Place.FIRST_REFUSAL));
    }
    List<StoredImages> changed = seen.stream().map(rows::images).filter(Objects::nonNull).toList();
    if (!changed.isEmpty()) {
      history.rewriteImages(transaction, collection, changed);
    }
    return new Step(changed.size(), place.at(Long.toString(seen.getLast().version())));
  }

  private Step quarantine(Handle transaction, long collection, Place place, RowConversion rows) {
    List<Refusal> seen =
        quarantine.refusals(
            transaction, collection, place.identified(), place.afterRefusal(), CHUNK);
    if (seen.isEmpty()) {
      return new Step(0, null);
    }
    List<Rewritten> changed = seen.stream().map(rows::refusal).filter(Objects::nonNull).toList();
    List<Rewritten> named = changed.stream().filter(row -> row.was().identified()).toList();
    List<Rewritten> nameless = changed.stream().filter(row -> !row.was().identified()).toList();
    if (!named.isEmpty()) {
      quarantine.rewrite(transaction, collection, named);
    }
    if (!nameless.isEmpty()) {
      quarantine.rename(transaction, collection, nameless);
    }
    return new Step(changed.size(), place.atRefusal(seen.getLast()));
  }
}

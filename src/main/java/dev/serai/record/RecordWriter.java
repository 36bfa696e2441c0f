package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.Database;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The writer protocol of design.md §6: diff against PostgreSQL and commit only what differs.
 * Thread-safe.
 */
public final class RecordWriter {
  private final Database database;
  private final Models models;
  private final CollectionStore collections;
  private final RowForms forms;
  private final RecordCommit commit;

  /** Of the page before, whoever's: pages are alike, and a buffer that fits is not copied. */
  private volatile int bytesPerRecord = 512;

  private final QuarantineStore quarantine = new QuarantineStore();

  public RecordWriter(Database database, Models models, ModelPolicies policies, Sealing sealing) {
    this.database = database;
    this.models = models;
    this.collections = new CollectionStore(database);
    this.forms = new RowForms(database, policies, sealing);
    this.commit = new RecordCommit(collections, forms, quarantine);
  }

  /** Who writes: decides who may overwrite whom. The code is the column {@code record.writer}. */
  public enum Writer {
    PAGE('p'),
    WEBHOOK('w'),
    ACTION('a');

    private final char code;

    Writer(char code) {
      this.code = code;
    }

    public char code() {
      return code;
    }
  }

  /**
   * Everything one transaction is to write.
   *
   * @param connection row id
   * @param variant {@code base} by default
   * @param stream the sync that owns the rows; null for actions and webhooks
   * @param noted the database's time from before what is written was known: before the page was
   *     requested, when the webhook came. Rows of which another kind of writer knows more lately
   *     are left alone, but by actions. MAX: none are
   * @param run for the quarantine list; 0 if none
   * @param batches in the order the route handed them over
   */
  public record Write(
      long connection,
      String variant,
      @Nullable String stream,
      String partition,
      Writer writer,
      OffsetDateTime noted,
      long run,
      List<Batch> batches) {
    /** Kept with the rows of a page; what others write is known when it is written. */
    @Nullable OffsetDateTime pageNoted() {
      return writer == Writer.PAGE && !noted.equals(OffsetDateTime.MAX) ? noted : null;
    }
  }

  /** Records to save or ids to delete, of one model. */
  public sealed interface Batch {
    String model();

    /**
     * Whether it also replaces what another kind of writer changed since the page was asked for.
     */
    boolean override();

    record Save(String model, List<JsonNode> records, boolean override) implements Batch {
      public Save(String model, List<JsonNode> records) {
        this(model, records, false);
      }
    }

    record Delete(String model, List<String> externalIds, boolean override) implements Batch {
      public Delete(String model, List<String> externalIds) {
        this(model, externalIds, false);
      }
    }
  }

  /**
   * A write made ready outside any transaction: canonicalised, hashed, checked against its model.
   * Immutable; may be committed again after a rollback.
   *
   * @see #prepare
   */
  public static final class Prepared {
    private final Write write;
    private final byte[] text;
    private final List<Part> parts;

    private Prepared(Write write, byte[] text, List<Part> parts) {
      this.write = write;
      this.text = text;
      this.parts = parts;
    }

    /**
     * Every id the write mentions by collection id, quarantined ones included: what a full read has
     * seen. A collection is there even if the page had no record for it.
     */
    public Map<Long, Set<String>> seen() {
      Map<Long, Set<String>> seen = new LinkedHashMap<>();
      for (Part part : parts) {
        Set<String> ids = new HashSet<>();
        part.items().forEach(item -> ids.add(item.id()));
        part.broken().stream().filter(Part.Broken::identified).forEach(b -> ids.add(b.id()));
        seen.put(part.collection(), ids);
      }
      return seen;
    }

    /**
     * Collections for which the page held a record without a usable id. It may be any of the rows,
     * so a full read with such a page proves no deletion.
     */
    public Set<Long> unidentified() {
      Set<Long> found = new HashSet<>();
      for (Part part : parts) {
        if (part.broken().stream().anyMatch(broken -> !broken.identified())) {
          found.add(part.collection());
        }
      }
      return found;
    }
  }

  /**
   * What a commit did.
   *
   * @param unchanged mentioned again without a change, so that nothing was written
   * @param skipped left as another kind of writer had changed them since the page was asked for
   * @param unwatched changed outside the watched fields: stored, and nobody is told; not among the
   *     updated
   */
  public record Counts(
      long added,
      long updated,
      long deleted,
      long unchanged,
      long quarantined,
      long duplicates,
      long skipped,
      long unwatched) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

    public Counts plus(Counts more) {
      return new Counts(
          added + more.added,
          updated + more.updated,
          deleted + more.deleted,
          unchanged + more.unchanged,
          quarantined + more.quarantined,
          duplicates + more.duplicates,
          skipped + more.skipped,
          unwatched + more.unwatched);
    }
  }

  /**
   * CPU work and (for a model seen first) the creation of its collection row, in a transaction of
   * its own.
   */
  public Prepared prepare(Write write) {
    String provider = collections.providerOf(write.connection()).orElse(null);
    RecordPreparation preparation = new RecordPreparation(expected(write));
    for (Batch batch : write.batches()) {
      ModelCheck model = models.check(provider, batch.model());
      CollectionKey key = new CollectionKey(write.connection(), model.model(), write.variant());
      preparation.add(
          collections.idOf(key),
          model,
          batch,
          () -> forms.now(write.connection(), provider, model.model()));
    }
    if (mentions(write) > 0) {
      bytesPerRecord = 1 + preparation.length() / mentions(write);
    }
    return new Prepared(write, preparation.text(), preparation.parts());
  }

  private static int mentions(Write write) {
    return write.batches().stream()
        .mapToInt(batch -> batch instanceof Batch.Save save ? save.records().size() : 0)
        .sum();
  }

  private int expected(Write write) {
    return (int) Math.min(64L << 20, 1024 + mentions(write) * (bytesPerRecord * 5L / 4));
  }

  /** Prepares and commits at once, for writers that have no transaction of their own. */
  public Counts save(Write write) {
    Prepared prepared = prepare(write);
    return database.inTransaction(transaction -> commit(transaction, prepared));
  }

  /**
   * Steps ① to ⑤ inside the caller's transaction, collections locked in ascending id.
   *
   * @throws CollectionGone if a collection was removed since {@link #prepare}; prepare again
   */
  public Counts commit(Handle transaction, Prepared prepared) {
    return commit.page(transaction, prepared.write, prepared.text, prepared.parts);
  }

  /**
   * Soft-deletes rows that a proven full read missed, if they are still live and not changed since:
   * {@code version <= baseline}. Repeatable.
   *
   * @return how many were deleted now
   */
  public long deleteMissing(
      Handle transaction, long collection, List<String> externalIds, long baseline) {
    CollectionStore.Owner owner = collections.ownerOf(transaction, collection);
    RowForm form = forms.deleting(owner.provider(), owner.model());
    return commit.deleteMissing(transaction, collection, form, externalIds, baseline);
  }

  /**
   * After a proven full read: lets go of quarantined records that this run did not meet again, for
   * they are gone at the provider.
   */
  public void forgetQuarantine(Handle transaction, long collection, String stream, long run) {
    quarantine.forgetUnseen(transaction, collection, stream, run);
  }

  /**
   * Whether this run met a record without a usable id: it may be any of the rows, so no missing row
   * is proven gone.
   */
  public boolean metUnidentified(Handle handle, long collection, long run) {
    return quarantine.unidentified(handle, collection, run);
  }

  /** An id as records are keyed by it: text of 1 to 255 characters; null if it cannot be one. */
  public static @Nullable String idOf(JsonNode id) {
    return RecordId.of(id);
  }
}

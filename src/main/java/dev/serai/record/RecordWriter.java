package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The writer protocol of design.md §6: diff against PostgreSQL and commit only what differs.
 * Thread-safe.
 */
public final class RecordWriter {

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
   * @param noted the database's time from before the page was requested: rows that another kind of
   *     writer changed later are left alone
   * @param run for the quarantine list; 0 if none
   * @param batches in the order the route handed them over
   */
  public record Write(
      long connection,
      String variant,
      @org.jspecify.annotations.Nullable String stream,
      String partition,
      Writer writer,
      OffsetDateTime noted,
      long run,
      List<Batch> batches) {}

  /** Records to save or ids to delete, of one model. */
  public sealed interface Batch {
    String model();

    record Save(String model, List<JsonNode> records) implements Batch {}

    record Delete(String model, List<String> externalIds) implements Batch {}
  }

  /**
   * A write made ready outside any transaction: canonicalised, hashed, checked against its model.
   * Immutable; may be committed again after a rollback.
   *
   * @see #prepare
   */
  public static final class Prepared {
    /**
     * Every id the write mentions by collection id, quarantined ones included: what a full read has
     * seen.
     */
    public Map<Long, Set<String>> seen() {
      throw new UnsupportedOperationException();
    }
  }

  /** What a commit did. */
  public record Counts(
      long added,
      long updated,
      long deleted,
      long unchanged,
      long quarantined,
      long duplicates,
      long skipped) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * CPU work and (for a model seen first) the creation of its collection row, in a transaction of
   * its own.
   */
  public Prepared prepare(Write write) {
    throw new UnsupportedOperationException();
  }

  /** Steps ① to ⑤ inside the caller's transaction, collections locked in ascending id. */
  public Counts commit(Handle transaction, Prepared prepared) {
    throw new UnsupportedOperationException();
  }

  /**
   * Soft-deletes rows that a proven full read missed, if they are still live and not changed since:
   * {@code version <= baseline}. Repeatable.
   *
   * @return how many were deleted now
   */
  public long deleteMissing(
      Handle transaction, long collection, List<String> externalIds, long baseline) {
    throw new UnsupportedOperationException();
  }
}

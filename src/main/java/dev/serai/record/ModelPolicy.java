package dev.serai.record;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one model are compared and kept.
 *
 * @param ignored fields, dotted from the top ({@code custom_fields.last_viewed_at}), that are
 *     stored but are no change
 * @param watched if any: a change outside these fields is stored, and no webhook tells of it
 * @param history how long before and after images are kept; null: none are
 * @param payloads how long after its last change a record keeps its payload; null: for ever
 * @param deleted how long after its deletion a record keeps its row; null: for ever
 */
public record ModelPolicy(
    SortedSet<String> ignored,
    SortedSet<String> watched,
    @Nullable Duration history,
    @Nullable Duration payloads,
    @Nullable Duration deleted) {
  /** Every field counts, nothing is kept besides the record, and nothing is taken away. */
  public static final ModelPolicy NONE =
      new ModelPolicy(new TreeSet<>(), new TreeSet<>(), null, null, null);

  public ModelPolicy {
    ignored = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
    watched = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(watched));
  }
}

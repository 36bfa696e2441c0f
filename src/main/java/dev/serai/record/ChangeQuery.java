package dev.serai.record;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which changes to list. All conditions apply together.
 *
 * @param collection the model's name counts without regard to case
 * @param provider of the connection
 * @param modifiedAfter inclusive
 * @param cursor exclusive: what an earlier listing answered
 * @param ids only of these; empty: of all
 * @param untold also changes outside the watched fields
 * @param limit 1 to {@link #MAX_LIMIT}
 */
public record ChangeQuery(
    CollectionKey collection,
    String provider,
    @Nullable OffsetDateTime modifiedAfter,
    @Nullable String cursor,
    List<String> ids,
    boolean untold,
    int limit) {
  public static final int MAX_LIMIT = 1_000;

  public ChangeQuery {
    ids = List.copyOf(ids);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT);
    }
  }
}

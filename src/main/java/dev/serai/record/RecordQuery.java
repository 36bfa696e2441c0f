package dev.serai.record;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a listing asks for. All conditions apply together.
 *
 * @param collection the model's name counts without regard to case
 * @param modifiedAfter inclusive
 * @param cursor exclusive: what an earlier listing answered
 * @param filter which last actions to list; empty: all
 * @param ids only these; empty: all
 * @param limit 1 to {@link #MAX_LIMIT}
 */
public record RecordQuery(
    CollectionKey collection,
    @Nullable OffsetDateTime modifiedAfter,
    @Nullable String cursor,
    Set<Action> filter,
    List<String> ids,
    int limit) {
  public static final int MAX_LIMIT = 10_000;

  public RecordQuery {
    filter = Set.copyOf(filter);
    ids = List.copyOf(ids);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT);
    }
  }

  /** What happened to a record last; a deleted record that came back was added. */
  public enum Action {
    ADDED,
    UPDATED,
    DELETED;

    String code() {
      return name().substring(0, 1).toLowerCase(java.util.Locale.ROOT);
    }

    static Action of(char code) {
      return switch (code) {
        case 'a' -> ADDED;
        case 'u' -> UPDATED;
        default -> DELETED;
      };
    }
  }
}

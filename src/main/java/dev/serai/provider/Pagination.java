package dev.serai.provider;

import dev.serai.provider.StreamSpec.Into;
import org.jspecify.annotations.Nullable;

/** How the next part of a list is asked for. */
public sealed interface Pagination {
  Stop stop();

  Sizing sizing();

  record None(Stop stop) implements Pagination {
    @Override
    public Sizing sizing() {
      return new Sizing(0, null);
    }
  }

  record Page(int start, Into into, boolean reanchor, Sizing sizing, Stop stop)
      implements Pagination {}

  /**
   * @param byPageSize the offset grows by the size asked for, else by the records that came
   */
  record Offset(
      int start, Into into, boolean byPageSize, boolean reanchor, Sizing sizing, Stop stop)
      implements Pagination {}

  /** The next token stands in the body ({@code path}) or in a header. */
  record Cursor(@Nullable Jslt path, @Nullable String header, Into into, Sizing sizing, Stop stop)
      implements Pagination {}

  /** The next URL stands in the body ({@code path}) or in a header of links. */
  record Link(@Nullable Jslt path, @Nullable String header, String rel, Sizing sizing, Stop stop)
      implements Pagination {}

  record Keyset(Jslt field, Into into, Sizing sizing, Stop stop) implements Pagination {}

  /**
   * @param size 0: not declared
   */
  record Sizing(int size, @Nullable Into into) {}

  /**
   * When reading ends.
   *
   * @param onEmptyPage null: unless the answer itself says that more follow
   * @param maxPages 0: no bound
   */
  record Stop(
      @Nullable Boolean onEmptyPage,
      boolean onShortPage,
      @Nullable Jslt hasMore,
      @Nullable Jslt total,
      int maxPages,
      @Nullable Jslt when) {}
}

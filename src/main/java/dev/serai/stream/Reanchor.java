package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Pagination;
import dev.serai.provider.StreamSpec;
import dev.serai.provider.StreamSpec.Incremental;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Paging by number over a list that moves. Each request starts again at the last cursor value seen,
 * so that rows which leave or enter earlier pages shift nothing; numbers only count inside one
 * equal value. There the answer must begin with the row the last one ended with, else the list
 * moved and the value is read again from its first row.
 */
final class Reanchor {
  /** After so many moves inside one value its rows are taken to have no fixed order. */
  private static final int CHECKED = 20;

  private final StreamSpec stream;
  private final boolean declared;

  Reanchor(StreamSpec stream) {
    this.stream = stream;
    this.declared =
        switch (stream.pagination()) {
          case Pagination.Page page -> page.reanchor();
          case Pagination.Offset offset -> offset.reanchor();
          default -> false;
        };
  }

  boolean on(Progress progress) {
    return declared && !progress.unordered;
  }

  boolean declared() {
    return declared;
  }

  /** True if the next page is settled; false: count on. */
  boolean page(Progress progress, Pagination.Page page, JsonNode rows) {
    String reached = reached(rows);
    if (reached == null || !beyond(progress, reached)) {
      return false;
    }
    int known = trailing(rows, reached);
    boolean whole = known == rows.size(); // the first page of the new request would be this one
    progress.anchor = reached;
    progress.number = whole ? page.start() + 1L : page.start();
    progress.rows = whole ? known : 0;
    progress.last = whole ? progress.last : null;
    return true;
  }

  /** True if the next offset is settled; false: count on. */
  boolean offset(Progress progress, Pagination.Offset offset, JsonNode rows) {
    if (rows.isEmpty()) {
      progress.expected = null;
      return false;
    }
    String reached = reached(rows);
    if (reached != null && beyond(progress, reached)) {
      progress.anchor = reached;
      progress.restarts = 0;
      progress.number = offset.start();
      if (progress.fromFirst) {
        progress.last = null;
      } else {
        progress.number += trailing(rows, reached);
      }
    } else {
      progress.number += rows.size();
    }
    boolean room = offset.sizing().size() != 1; // else the known row would be the whole page
    progress.expected =
        room && progress.restarts < CHECKED && progress.number > offset.start()
            ? stream.id(rows.get(rows.size() - 1))
            : null;
    return true;
  }

  /**
   * The answer began with another row than the known one: the list moved, or the API's filter is
   * wider than the value sent (Redmine's takes in the second before). Either way this run reads on
   * from the first row of what the filter gives, which costs some rows twice and loses none.
   */
  void again(Progress progress) {
    progress.fromFirst = true;
    progress.number = Pager.first(stream.pagination());
    progress.expected = null;
    progress.last = null;
    progress.rows = 0;
    progress.restarts++;
  }

  private boolean beyond(Progress progress, String reached) {
    String anchor = progress.anchor;
    return anchor == null || value(reached).compareTo(value(anchor)) > 0;
  }

  /**
   * The last cursor value but one, rounded down to what the API can filter by; the last one only
   * where there is no other. A last row that does not belong there (the API ignored the order) thus
   * stays in the list that is asked for, and what follows it breaks the order visibly.
   */
  private @Nullable String reached(JsonNode rows) {
    String last = rows.isEmpty() ? null : floor(rows.get(rows.size() - 1));
    for (int i = rows.size() - 2; last != null && i >= 0; i--) {
      String earlier = floor(rows.get(i));
      if (!last.equals(earlier)) {
        return earlier == null ? last : earlier;
      }
    }
    return last;
  }

  /** How many rows of this page the list from that value on begins with. */
  private int trailing(JsonNode rows, String from) {
    int count = 0;
    while (count < rows.size()) {
      String value = floor(rows.get(rows.size() - 1 - count));
      if (value == null || value(value).compareTo(value(from)) < 0) {
        break;
      }
      count++;
    }
    return count;
  }

  private @Nullable String floor(JsonNode row) {
    Incremental incremental = stream.incremental();
    return incremental == null
        ? null
        : incremental
            .format()
            .parse(incremental.cursorField().apply(row))
            .map(value -> incremental.format().text(incremental.format().floor(value)))
            .orElse(null);
  }

  private BigDecimal value(String text) {
    Incremental incremental = stream.incremental();
    return incremental == null ? BigDecimal.ZERO : incremental.format().ofText(text);
  }
}

package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Jslt;
import dev.serai.provider.StreamSpec;
import dev.serai.provider.StreamSpec.Deletes;
import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.provider.StreamSpec.Order;
import dev.serai.stream.Batches.Fate;
import dev.serai.stream.Batches.Row;
import dev.serai.stream.StreamException.ErrorClass;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of each row of a page: handed on, deleted, or only seen. */
final class RowFates {
  private final StreamSpec stream;
  private final Answers answers;
  private final Progress progress;
  private final @Nullable Watermark watermark;
  private final boolean full;

  RowFates(
      StreamSpec stream,
      Answers answers,
      Progress progress,
      @Nullable Watermark watermark,
      boolean full) {
    this.stream = stream;
    this.answers = answers;
    this.progress = progress;
    this.watermark = watermark;
    this.full = full;
  }

  /** A list in descending order that we filter ourselves may end where the old rows begin. */
  boolean pastTheCheckpoint(JsonNode fresh) {
    Incremental incremental = stream.incremental();
    if (full
        || watermark == null
        || incremental == null
        || !incremental.clientSide()
        || incremental.order() != Order.DESC
        || progress.unordered
        || fresh.isEmpty()) {
      return false;
    }
    BigDecimal from = watermark.value(progress.from);
    return from != null
        && cursor(incremental, fresh.get(fresh.size() - 1))
            .map(value -> value.compareTo(from) < 0)
            .orElse(false);
  }

  record Sorted(List<Row> rows, boolean brokeOrder) {}

  Sorted sort(JsonNode fresh) {
    List<Row> rows = new ArrayList<>(fresh.size());
    boolean broke = false;
    for (JsonNode row : fresh) {
      Fate fate = fate(row);
      Incremental incremental = stream.incremental();
      if (watermark != null && incremental != null) {
        Optional<BigDecimal> cursor = cursor(incremental, row);
        broke |= cursor.isPresent() && watermark.breaksOrder(cursor.get());
        fate = fate == Fate.HAND_ON ? fate(incremental, cursor) : fate;
      }
      rows.add(new Row(row, stream.id(row), fate));
    }
    return new Sorted(rows, broke);
  }

  private Fate fate(JsonNode row) {
    if (stream.deletes() instanceof Deletes.Field field
        && answers.evaluate(field.path(), () -> field.marks(row))) {
      return Fate.DELETED;
    }
    Jslt filter = stream.filter();
    return filter == null || answers.evaluate(filter, () -> filter.holds(row))
        ? Fate.HAND_ON
        : Fate.SEEN_ONLY;
  }

  private Fate fate(Incremental incremental, Optional<BigDecimal> cursor) {
    if (cursor.isEmpty()) {
      return switch (incremental.onMissing()) {
        case INCLUDE -> Fate.HAND_ON;
        case SKIP -> Fate.SEEN_ONLY;
        case FAIL ->
            throw answers.exception(
                "missing_cursor",
                ErrorClass.PROVIDER,
                "a record has no readable value at '%s'; set on_missing_cursor or correct format"
                    .formatted(incremental.cursorField().text()));
      };
    }
    String from = progress.from;
    boolean old =
        incremental.clientSide()
            && !full
            && from != null
            && cursor.get().compareTo(incremental.format().ofText(from)) < 0;
    return old ? Fate.SEEN_ONLY : Fate.HAND_ON;
  }

  private Optional<BigDecimal> cursor(Incremental incremental, JsonNode row) {
    Jslt field = incremental.cursorField();
    return incremental.format().parse(answers.evaluate(field, () -> field.apply(row)));
  }
}

package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.provider.CursorFormat;
import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.provider.StreamSpec.Order;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows the cursor values of a read and says which checkpoint is safe. It moves with the page
 * only while the rows really ascend; the first row out of order takes it back to where the run
 * began, and it moves again at the end. It never passes the clock, so that a row dated in the
 * future cannot hide what comes after it.
 */
final class Watermark {
  private final Incremental incremental;
  private final Progress progress;
  private final Known lastValue = new Known();
  private final Known highestValue = new Known();

  Watermark(Incremental incremental, Progress progress) {
    this.incremental = incremental;
    this.progress = progress;
  }

  /** Notes one row's value; true if it stands where the declared order does not allow it. */
  boolean breaksOrder(BigDecimal value) {
    BigDecimal last = lastValue.of(progress.last);
    BigDecimal highest = highestValue.of(progress.highest);
    if (highest == null || value.compareTo(highest) > 0) {
      progress.highest = highestValue.keep(incremental.format().text(value), value);
    }
    progress.last = lastValue.keep(incremental.format().text(value), value);
    if (last == null || progress.unordered) {
      return false;
    }
    return switch (incremental.order()) {
      case ASC -> value.compareTo(last) < 0;
      case DESC -> value.compareTo(last) > 0;
      case NONE -> false;
    };
  }

  /** The checkpoint that goes with this page; null: leave the stored one. */
  @Nullable JsonNode afterPage(boolean end, Instant requested) {
    boolean ascending = incremental.order() == Order.ASC && !progress.unordered;
    BigDecimal candidate = value(progress.highest);
    if (!(ascending || end) || candidate == null) {
      return null;
    }
    if (incremental.format().datetime()) {
      BigDecimal settled = CursorFormat.of(requested).subtract(incremental.settle());
      BigDecimal begun = value(progress.until);
      candidate = candidate.min(ascending || begun == null ? settled : begun);
    }
    BigDecimal given = value(progress.given);
    if (given != null && candidate.compareTo(given) <= 0) {
      return null;
    }
    progress.given = incremental.format().text(candidate);
    return checkpoint(progress.given);
  }

  /** Rows came out of order: what was given early is taken back. */
  @Nullable JsonNode backToBase() {
    if (Objects.equals(progress.given, progress.base)) {
      return null;
    }
    progress.given = progress.base;
    return checkpoint(progress.base);
  }

  /** The value behind a text of the position, which is asked for at every row. */
  private final class Known {
    private @Nullable String text;
    private @Nullable BigDecimal value;

    @Nullable BigDecimal of(@Nullable String wanted) {
      if (!Objects.equals(wanted, text)) {
        text = wanted;
        value = Watermark.this.value(wanted);
      }
      return value;
    }

    String keep(String written, BigDecimal meant) {
      text = written;
      value = meant;
      return written;
    }
  }

  @Nullable BigDecimal value(@Nullable String text) {
    return text == null ? null : incremental.format().ofText(text);
  }

  static JsonNode checkpoint(@Nullable String value) {
    return Json.object().put("cursor", value);
  }

  /** Null when there is none, or when it was written for another kind of cursor. */
  static @Nullable String read(@Nullable JsonNode checkpoint, CursorFormat format) {
    String text = checkpoint == null ? null : checkpoint.path("cursor").textValue();
    try {
      return text == null ? null : format.text(format.ofText(text));
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }
}

package dev.serai.provider;

import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.provider.StreamSpec.Into;
import dev.serai.provider.StreamSpec.MissingCursor;
import dev.serai.provider.StreamSpec.Order;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code incremental:} of one stream. */
final class IncrementalWords {
  /** Reads where a value goes in a request; null where nothing is declared. */
  interface Places {
    @Nullable Into apply(@Nullable Words into);
  }

  private final Words words;
  private final Places into;

  IncrementalWords(Words words, Places into) {
    this.words = words;
    this.into = into;
  }

  @Nullable Incremental read() {
    Words inc = words.child("incremental");
    if (inc == null) {
      return null;
    }
    boolean datetime = inc.text("cursor_type", "datetime").equals("datetime");
    Jslt field = inc.jslt("cursor_field");
    CursorFormat format = format(inc, datetime);
    BigDecimal start =
        inc.read(
            "start",
            text -> start(format, text),
            "write a value in the stream's format, e.g. 2024-01-01T00:00:00Z");
    Duration overlap = inc.duration("overlap", format.precision());
    return new Incremental(
        field == null ? StreamWords.NOTHING : field,
        format,
        start,
        datetime
            ? CursorFormat.seconds(overlap)
            : BigDecimal.valueOf(inc.number("overlap_number", 0)),
        CursorFormat.seconds(inc.duration("settle", Duration.ZERO)),
        into.apply(inc.child("start_into")),
        into.apply(inc.child("end_into")),
        Order.valueOf(inc.text("order", "none").toUpperCase(Locale.ROOT)),
        inc.flag("client_side", false),
        MissingCursor.valueOf(inc.text("on_missing_cursor", "fail").toUpperCase(Locale.ROOT)));
  }

  private static BigDecimal start(CursorFormat format, String text) {
    return format
        .parse(text)
        .or(() ->
            new CursorFormat(format.datetime(), List.of("iso", "date"), Duration.ZERO).parse(text))
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' cannot be read"));
  }

  private static CursorFormat format(Words inc, boolean datetime) {
    List<String> formats = new ArrayList<>();
    inc.node().path("format").forEach(format -> formats.add(format.asText()));
    Duration precision = inc.duration("precision", Duration.ofSeconds(1));
    List<String> usual = formats.isEmpty() ? List.of("iso") : formats;
    try {
      return new CursorFormat(datetime, usual, precision);
    } catch (IllegalArgumentException e) {
      inc.problem(
          "format",
          String.valueOf(e.getMessage()),
          "write iso, epoch_s, epoch_ms, date or a pattern");
      return new CursorFormat(datetime, List.of("iso"), precision);
    }
  }
}

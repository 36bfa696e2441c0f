package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a stream writes its cursor values. Inside, every value is a decimal: a number as it is, a
 * datetime as seconds since 1970, so that comparing and stepping back are plain arithmetic.
 *
 * @param precision the finest step of the API's filter
 */
public record CursorFormat(boolean datetime, List<String> formats, Duration precision) {
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

  public CursorFormat {
    formats = List.copyOf(formats);
    for (String format : formats) {
      if (!List.of("iso", "epoch_s", "epoch_ms", "date").contains(format)) {
        refuseWrongPattern(DateTimeFormatter.ofPattern(format, Locale.ROOT));
      }
    }
  }

  /** A pattern that parses may still ask for what a point in time does not have. */
  private static void refuseWrongPattern(DateTimeFormatter pattern) {
    try {
      pattern.formatTo(Instant.EPOCH.atOffset(ZoneOffset.UTC), new StringBuilder());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Empty when there is no value, or one that this format does not understand. */
  public Optional<BigDecimal> parse(JsonNode value) {
    if (value.isNumber() && (!datetime || formats.stream().anyMatch(f -> f.startsWith("epoch")))) {
      return Optional.of(epoch(value.decimalValue()));
    }
    return value.isTextual() ? parse(value.textValue()) : Optional.empty();
  }

  public Optional<BigDecimal> parse(String text) {
    if (!datetime) {
      return number(text);
    }
    for (String format : formats) {
      Optional<BigDecimal> parsed =
          format.startsWith("epoch") ? number(text).map(this::epoch) : time(text, format);
      if (parsed.isPresent()) {
        return parsed;
      }
    }
    return Optional.empty();
  }

  /** As it is sent, rounded down to the precision. */
  public String write(BigDecimal value) {
    BigDecimal floor = floor(value);
    if (!datetime) {
      return floor.toPlainString();
    }
    Instant instant = instant(floor);
    return switch (formats.getFirst()) {
      case "iso" -> instant.toString();
      case "epoch_s" -> Long.toString(instant.getEpochSecond());
      case "epoch_ms" -> Long.toString(instant.toEpochMilli());
      case "date" -> instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
      case String pattern ->
          DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
              .format(instant.atOffset(ZoneOffset.UTC));
    };
  }

  public BigDecimal floor(BigDecimal value) {
    if (!datetime || precision.isZero()) {
      return value;
    }
    BigDecimal step = seconds(precision);
    return value.divide(step, 0, RoundingMode.FLOOR).multiply(step);
  }

  /** As a checkpoint keeps it: readable and exact. */
  public String text(BigDecimal value) {
    return datetime ? instant(value).toString() : value.toPlainString();
  }

  public BigDecimal ofText(String text) {
    return datetime ? of(Instant.parse(text)) : new BigDecimal(text);
  }

  public static BigDecimal of(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .add(BigDecimal.valueOf(instant.getNano(), 9))
        .stripTrailingZeros();
  }

  public static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
  }

  private static Instant instant(BigDecimal seconds) {
    BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
    return Instant.ofEpochSecond(
        whole.longValueExact(),
        seconds.subtract(whole).multiply(NANOS).setScale(0, RoundingMode.DOWN).longValueExact());
  }

  private BigDecimal epoch(BigDecimal value) {
    return datetime && formats.contains("epoch_ms") && !formats.contains("epoch_s")
        ? value.movePointLeft(3)
        : value;
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      BigDecimal value = new BigDecimal(text.strip());
      return Math.abs((long) value.scale()) > 100 ? Optional.empty() : Optional.of(value);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> time(String text, String format) {
    try {
      return switch (format) {
        case "date" ->
            Optional.of(of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)));
        case "iso" -> {
          TemporalAccessor parsed =
              DateTimeFormatter.ISO_DATE_TIME.parseBest(
                  text, OffsetDateTime::from, LocalDateTime::from);
          yield Optional.of(of(at(parsed)));
        }
        default ->
            Optional.of(
                of(
                    at(
                        DateTimeFormatter.ofPattern(format, Locale.ROOT)
                            .parseBest(
                                text,
                                OffsetDateTime::from,
                                LocalDateTime::from,
                                LocalDate::from))));
      };
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant at(TemporalAccessor parsed) {
    return switch (parsed) {
      case OffsetDateTime time -> time.toInstant();
      case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
      case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC);
      default -> throw new DateTimeException("not a point in time");
    };
  }
}

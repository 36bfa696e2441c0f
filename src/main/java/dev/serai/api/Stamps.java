package dev.serai.api;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** The three ways the contract writes a moment, always in UTC. */
final class Stamps {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendLiteral("+00:00")
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Stamps() {}

  /** {@code 2026-01-02T03:04:05.678Z}. */
  static String zulu(Instant at) {
    return MILLIS.format(at) + "Z";
  }

  /** {@code 2026-01-02T03:04:05.678+00:00}. */
  static String offset(Instant at) {
    return MILLIS.format(at) + "+00:00";
  }

  /** As PostgreSQL writes it into JSON: {@code 2026-01-02T03:04:05.678901+00:00}. */
  static String database(OffsetDateTime at) {
    return MICROS.format(at);
  }
}

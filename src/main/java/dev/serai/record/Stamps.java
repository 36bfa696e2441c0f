package dev.serai.record;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * Writes {@code "2026-01-31T12:34:56.123456+00:00"} from microseconds. Rows of one commit share
 * their stamp, so the last one is remembered. One thread at a time.
 */
final class Stamps {
  private static final long DAY = 86_400_000_000L;

  private final byte[] text =
      "\"0000-00-00T00:00:00.000000+00:00\"".getBytes(StandardCharsets.US_ASCII);
  private long last = Long.MIN_VALUE;
  private long day = Long.MIN_VALUE;

  void write(JsonBuffer out, long micros) {
    if (micros != last) {
      last = micros;
      date(Math.floorDiv(micros, DAY));
      time(Math.floorMod(micros, DAY));
    }
    out.put(text);
  }

  private void date(long epochDay) {
    if (epochDay != day) {
      day = epochDay;
      LocalDate date = LocalDate.ofEpochDay(epochDay);
      digits(1, 4, date.getYear());
      digits(6, 2, date.getMonthValue());
      digits(9, 2, date.getDayOfMonth());
    }
  }

  private void time(long micros) {
    long seconds = micros / 1_000_000;
    digits(12, 2, seconds / 3_600);
    digits(15, 2, seconds / 60 % 60);
    digits(18, 2, seconds % 60);
    digits(21, 6, micros % 1_000_000);
  }

  private void digits(int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}

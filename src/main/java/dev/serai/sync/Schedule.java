package dev.serai.sync;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** When a sync is due again. Missed ticks collapse into one. */
public sealed interface Schedule {
  /**
   * The first tick after {@code now}.
   *
   * @param due when the run that just ended was due: the grid of an interval hangs on it
   */
  Instant next(Instant due, Instant now);

  /** For {@code GET /sync/status}. */
  String describe();

  /** A fixed interval. */
  record Every(Duration interval) implements Schedule {
    public Every {
      if (interval.compareTo(Frequency.SHORTEST) < 0) {
        throw InvalidFrequency.tooShort(interval.toString());
      }
    }

    @Override
    public Instant next(Instant due, Instant now) {
      if (due.isAfter(now)) {
        return now.plus(interval); // triggered ahead of its time: the grid starts anew
      }
      long ticks = Duration.between(due, now).dividedBy(interval) + 1;
      return due.plus(interval.multipliedBy(ticks));
    }

    @Override
    public String describe() {
      return Frequency.format(interval);
    }
  }

  /** A Quartz cron expression (seconds first) in a time zone. */
  record Cron(String expression, ZoneId zone) implements Schedule {
    public Cron {
      parse(expression, zone);
    }

    @Override
    public Instant next(Instant due, Instant now) {
      Date next = parse(expression, zone).getNextValidTimeAfter(Date.from(now));
      return next == null ? now.plus(Duration.ofDays(365)) : next.toInstant();
    }

    @Override
    public String describe() {
      return "cron " + expression + " " + zone;
    }

    private static CronExpression parse(String expression, ZoneId zone) {
      try {
        CronExpression cron = new CronExpression(expression);
        cron.setTimeZone(TimeZone.getTimeZone(zone));
        return cron;
      } catch (ParseException e) {
        throw new IllegalArgumentException(
            "'" + expression + "' is not a Quartz cron expression: " + e.getMessage(), e);
      }
    }
  }
}

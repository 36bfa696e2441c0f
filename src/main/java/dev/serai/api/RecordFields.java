package dev.serai.api;

import dev.serai.connection.Connection;
import dev.serai.record.CollectionKey;
import dev.serai.record.Models;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What requests about records have in common. Thread-safe. */
public final class RecordFields {
  private static final int MOST_IDS = 100;
  private static final Duration OLDEST = Duration.ofDays(365);
  private static final TextRule MOMENT =
      TextRule.matching("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?Z$", 40);

  private final Models models;
  private final InstantSource clock;

  public RecordFields(Models models, InstantSource clock) {
    this.models = models;
    this.clock = clock;
  }

  CollectionKey collection(Fields fields, Connection connection) {
    String model = fields.text("model", TextRule.MODEL);
    String variant = fields.optionalText("variant", TextRule.NAME).orElse(CollectionKey.BASE);
    return new CollectionKey(
        connection.id(), models.canonical(connection.provider(), model), variant);
  }

  static List<String> ids(Fields query) {
    return query.texts("ids", MOST_IDS, TextRule.RECORD_ID).orElseGet(List::of);
  }

  Optional<OffsetDateTime> moment(Fields query, String key) {
    return query.optionalText(key, MOMENT).map(text -> moment(query, key, text));
  }

  private @Nullable OffsetDateTime moment(Fields query, String key, String text) {
    try {
      OffsetDateTime moment = OffsetDateTime.parse(text);
      if (moment.toInstant().isBefore(clock.instant().minus(OLDEST))) {
        query.report("custom", "Must not be older than 365 days", key);
      }
      return moment;
    } catch (DateTimeParseException e) {
      query.report("invalid_format", "Invalid ISO datetime", key);
      return null;
    }
  }
}

package dev.serai.api;

import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.record.CollectionKey;
import dev.serai.record.Models;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordPruning.Pruned;
import dev.serai.record.RecordQuery;
import dev.serai.record.RecordQuery.Action;
import dev.serai.record.RecordReader;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /records}: what changed, in the order in which it changed. */
public final class RecordsApi implements Resource {
  private static final int LISTED_UNASKED = 100;
  private static final int PRUNED_UNASKED = 1_000;
  private static final int MOST_IDS = 100;
  private static final Duration OLDEST = Duration.ofDays(365);
  private static final TextRule MOMENT =
      TextRule.matching("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?Z$", 40);

  private final Targets targets;
  private final Models models;
  private final RecordReader reader;
  private final RecordPruning pruning;
  private final InstantSource clock;

  public RecordsApi(
      Targets targets,
      Models models,
      RecordReader reader,
      RecordPruning pruning,
      InstantSource clock) {
    this.targets = targets;
    this.models = models;
    this.reader = reader;
    this.pruning = pruning;
    this.clock = clock;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("listRecords", Scope.RECORDS_READ, this::list),
        new Endpoint("pruneRecords", Scope.RECORDS_WRITE, this::prune));
  }

  private ApiReply list(ApiRequest request, Caller caller) {
    Connection connection = targets.fromHeaders(request, caller);
    Fields query = Fields.query(request);
    CollectionKey collection = collection(query, connection);
    Optional<OffsetDateTime> modifiedAfter = moment(query, "modified_after");
    Optional<OffsetDateTime> delta = moment(query, "delta");
    String cursor = query.optionalText("cursor", TextRule.CURSOR).orElse(null);
    Set<Action> filter = filter(query);
    List<String> ids = query.texts("ids", MOST_IDS, TextRule.RECORD_ID).orElseGet(List::of);
    int limit = query.number("limit", 1, RecordQuery.MAX_LIMIT).orElse(LISTED_UNASKED);
    query.check();
    return ListingReply.of(
        reader.open(
            new RecordQuery(
                collection,
                delta.or(() -> modifiedAfter).orElse(null),
                cursor,
                filter,
                ids,
                limit)));
  }

  private ApiReply prune(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Connection connection = targets.fromHeaders(request, caller);
    Fields body = Fields.body(request.json());
    CollectionKey collection = collection(body, connection);
    String until = body.text("until_cursor", TextRule.CURSOR);
    int limit = body.number("limit", 1, RecordQuery.MAX_LIMIT).orElse(PRUNED_UNASKED);
    body.check();
    Pruned pruned = pruning.prune(collection, until, limit);
    return ApiReply.ok(
        Json.object().put("count", pruned.count()).put("has_more", pruned.hasMore()));
  }

  private CollectionKey collection(Fields fields, Connection connection) {
    String model = fields.text("model", TextRule.MODEL);
    String variant = fields.optionalText("variant", TextRule.NAME).orElse(CollectionKey.BASE);
    return new CollectionKey(
        connection.id(), models.canonical(connection.provider(), model), variant);
  }

  private Optional<OffsetDateTime> moment(Fields query, String key) {
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

  /** {@code added,updated,deleted} in any case. */
  private static Set<Action> filter(Fields query) {
    Set<Action> filter = EnumSet.noneOf(Action.class);
    query
        .optionalText("filter", TextRule.size(1, 255))
        .ifPresent(text -> {
          for (String name : text.toUpperCase(Locale.ROOT).split(",", -1)) {
            switch (name.strip()) {
              case "ADDED" -> filter.add(Action.ADDED);
              case "UPDATED" -> filter.add(Action.UPDATED);
              case "DELETED" -> filter.add(Action.DELETED);
              default ->
                  query.report(
                      "invalid_value",
                      "Invalid option: expected a list of added, updated, deleted",
                      "filter");
            }
          }
        });
    return filter;
  }
}

package dev.serai.api;

import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.record.CollectionKey;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordPruning.Pruned;
import dev.serai.record.RecordQuery;
import dev.serai.record.RecordQuery.Action;
import dev.serai.record.RecordReader;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code /records}: what changed, in the order in which it changed. */
public final class RecordsApi implements Resource {
  private static final int LISTED_UNASKED = 100;
  private static final int PRUNED_UNASKED = 1_000;

  private final Targets targets;
  private final RecordFields fields;
  private final RecordReader reader;
  private final RecordPruning pruning;

  public RecordsApi(
      Targets targets, RecordFields fields, RecordReader reader, RecordPruning pruning) {
    this.targets = targets;
    this.fields = fields;
    this.reader = reader;
    this.pruning = pruning;
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
    CollectionKey collection = fields.collection(query, connection);
    Optional<OffsetDateTime> modifiedAfter = fields.moment(query, "modified_after");
    Optional<OffsetDateTime> delta = fields.moment(query, "delta");
    String cursor = query.optionalText("cursor", TextRule.CURSOR).orElse(null);
    Set<Action> filter = filter(query);
    List<String> ids = RecordFields.ids(query);
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
    CollectionKey collection = fields.collection(body, connection);
    String until = body.text("until_cursor", TextRule.CURSOR);
    int limit = body.number("limit", 1, RecordQuery.MAX_LIMIT).orElse(PRUNED_UNASKED);
    body.check();
    Pruned pruned = pruning.prune(collection, until, limit);
    return ApiReply.ok(
        Json.object().put("count", pruned.count()).put("has_more", pruned.hasMore()));
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

package dev.serai.api;

import dev.serai.connection.Connection;
import dev.serai.record.ChangeQuery;
import dev.serai.record.CollectionKey;
import dev.serai.record.RecordChanges;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** {@code /records/changes}: what each record was before it changed, where that is kept. */
public final class HistoryApi implements Resource {
  private static final int LISTED_UNASKED = 100;

  private final Targets targets;
  private final RecordFields fields;
  private final RecordChanges changes;

  public HistoryApi(Targets targets, RecordFields fields, RecordChanges changes) {
    this.targets = targets;
    this.fields = fields;
    this.changes = changes;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(new Endpoint("listChanges", Scope.RECORDS_READ, this::list));
  }

  private ApiReply list(ApiRequest request, Caller caller) {
    Connection connection = targets.fromHeaders(request, caller);
    Fields query = Fields.query(request);
    CollectionKey collection = fields.collection(query, connection);
    Optional<OffsetDateTime> modifiedAfter = fields.moment(query, "modified_after");
    String cursor = query.optionalText("cursor", TextRule.CURSOR).orElse(null);
    List<String> ids = RecordFields.ids(query);
    boolean untold = query.lenientFlag("untold").orElse(false);
    int limit = query.number("limit", 1, ChangeQuery.MAX_LIMIT).orElse(LISTED_UNASKED);
    query.check();
    return ListingReply.of(
        changes.open(
            new ChangeQuery(
                collection,
                connection.provider(),
                modifiedAfter.orElse(null),
                cursor,
                ids,
                untold,
                limit)));
  }
}

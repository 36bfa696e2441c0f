package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionDetails;
import java.util.List;

/** What happened inside (ours): the latest runs of syncs, and the records that were refused. */
public final class RunsApi implements Resource {
  private static final int MOST = 1_000;
  private static final int UNASKED = 50;

  private final Targets targets;
  private final RunHistoryStore store;

  public RunsApi(Targets targets, RunHistoryStore store) {
    this.targets = targets;
    this.store = store;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("listRuns", Scope.SYNCS_READ, this::runs),
        new Endpoint("listQuarantine", Scope.RECORDS_READ, this::quarantine));
  }

  private ApiReply runs(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    String key = query.text("provider_config_key", TextRule.INTEGRATION);
    String connectionId = query.text("connection_id", TextRule.CONNECTION);
    String sync = query.optionalText("sync", TextRule.NAME).orElse(null);
    int limit = query.number("limit", 1, MOST).orElse(UNASKED);
    query.check();
    Connection connection = connection(caller, key, connectionId);
    return listed("runs", store.runs(connection.id(), sync, limit));
  }

  private ApiReply quarantine(ApiRequest request, Caller caller) {
    Fields query = Fields.query(request);
    String key = query.text("provider_config_key", TextRule.INTEGRATION);
    String model = query.optionalText("model", TextRule.MODEL).orElse(null);
    int limit = query.number("limit", 1, MOST).orElse(UNASKED);
    query.check();
    Connection connection = connection(caller, key, request.pathParameter("connectionId"));
    return listed("quarantine", store.quarantine(connection.id(), model, limit));
  }

  private Connection connection(Caller caller, String key, String connectionId) {
    ConnectionDetails details = targets.connection(targets.integration(caller, key), connectionId);
    return details.connection();
  }

  private static ApiReply listed(String name, List<ObjectNode> entries) {
    ObjectNode envelope = Json.object();
    ArrayNode list = envelope.putArray(name);
    entries.forEach(list::add);
    return ApiReply.ok(envelope);
  }
}

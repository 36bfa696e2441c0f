package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.sync.SyncControl;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The state of a sync as the wire writes it. */
final class SyncJson {
  private SyncJson() {}

  static ObjectNode write(SyncControl.Status status) {
    ObjectNode json =
        Json.object()
            .put("id", status.id().toString())
            .put("connection_id", status.connectionId())
            .put("type", status.type().name())
            .put("name", status.name())
            .put("variant", status.variant())
            .put("status", status.status().name())
            .put("frequency", status.frequency())
            .put("finishedAt", stamp(status.finishedAt()))
            .put("nextScheduledSyncAt", stamp(status.nextScheduledSyncAt()));
    ObjectNode result = json.putObject("latestResult");
    status
        .latestResult()
        .forEach((model, counts) ->
            result
                .putObject(model)
                .put("added", counts.added())
                .put("updated", counts.updated())
                .put("deleted", counts.deleted()));
    var last = status.latestExecutionStatus();
    json.put("latestExecutionStatus", last == null ? null : last.name());
    ObjectNode counts = json.putObject("recordCount");
    status.recordCount().forEach(counts::put);
    json.set("checkpoint", status.checkpoint());
    return json;
  }

  private static @Nullable String stamp(@Nullable Instant at) {
    return at == null ? null : Stamps.zulu(at);
  }
}

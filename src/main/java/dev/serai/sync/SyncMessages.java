package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.record.Announcements.Unannounced;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The bodies of sync webhooks, as contract §3 spells them. */
final class SyncMessages {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private SyncMessages() {}

  static OutgoingMessage changed(
      Connection connection,
      Lease lease,
      Run run,
      Unannounced changes,
      @Nullable String checkpointTo) {
    ObjectNode body = base(connection, lease, run, changes.model());
    body.put("success", true);
    ObjectNode results = body.putObject("responseResults");
    results.put("added", changes.added());
    results.put("updated", changes.updated());
    results.put("deleted", changes.deleted());
    body.put("modifiedAfter", MILLIS.format(changes.modifiedAfter()));
    body.put("queryTimeStamp", MILLIS.format(run.startedAt()));
    if (run.checkpoint() != null || checkpointTo != null) {
      ObjectNode checkpoints = body.putObject("checkpoints");
      checkpoints.set("from", run.checkpoint());
      checkpoints.set("to", RunStore.json(checkpointTo));
    }
    return message(connection, body);
  }

  static OutgoingMessage failed(
      Connection connection,
      Lease lease,
      Run run,
      String model,
      Verdict.Failed failure,
      Instant at) {
    ObjectNode body = base(connection, lease, run, model);
    body.put("success", false);
    ObjectNode error = body.putObject("error");
    error.put("type", failure.code());
    error.put("description", failure.message());
    body.put("startedAt", MILLIS.format(run.startedAt()));
    body.put("failedAt", MILLIS.format(at));
    return message(connection, body);
  }

  private static ObjectNode base(Connection connection, Lease lease, Run run, String model) {
    ObjectNode body = Json.object();
    body.put("from", "nango"); // the wire contract's value: published SDKs look for it
    body.put("type", "sync");
    body.put("connectionId", connection.connectionId());
    body.put("providerConfigKey", connection.providerConfigKey());
    body.put("syncName", lease.name());
    body.put("syncVariant", lease.variant());
    body.put("model", model);
    body.put("syncType", run.mode() == Run.Mode.INITIAL ? "INITIAL" : "INCREMENTAL");
    return body;
  }

  private static OutgoingMessage message(Connection connection, ObjectNode body) {
    return new OutgoingMessage(
        connection.environment(), connection.id(), "sync", body, connection.webhookUrlOverride());
  }
}

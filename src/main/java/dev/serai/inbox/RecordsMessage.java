package dev.serai.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.record.Announcements.Unannounced;
import dev.serai.record.CollectionKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The message of records that a provider's webhook changed, as contract §3 spells it. */
final class RecordsMessage {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private RecordsMessage() {}

  /**
   * @param sync whose records they are, or the event's name
   */
  static OutgoingMessage of(
      Connection connection, String sync, Unannounced changes, Instant receivedAt) {
    ObjectNode body = Json.object();
    body.put("from", "nango"); // the wire contract's value: published SDKs look for it
    body.put("type", "sync");
    body.put("connectionId", connection.connectionId());
    body.put("providerConfigKey", connection.providerConfigKey());
    body.put("syncName", sync);
    body.put("syncVariant", CollectionKey.BASE);
    body.put("model", changes.model());
    body.put("syncType", "WEBHOOK");
    body.put("success", true);
    body.putObject("responseResults")
        .put("added", changes.added())
        .put("updated", changes.updated())
        .put("deleted", changes.deleted());
    body.put("modifiedAfter", MILLIS.format(changes.modifiedAfter()));
    body.put("queryTimeStamp", MILLIS.format(receivedAt));
    return new OutgoingMessage(
        connection.environment(), connection.id(), "sync", body, connection.webhookUrlOverride());
  }
}

package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What became of flows, by the WebSocket that waits for it. */
final class FlowResultStore {
  private static final String OPEN =
      """
      insert into flow_result (socket, expires_at)
      values (:socket, clock_timestamp() + :seconds * interval '1 second')
      """;

  void open(Handle handle, UUID socket, Duration life) {
    handle.createUpdate(OPEN).bind("socket", socket).bind("seconds", life.toSeconds()).execute();
  }

  private static final String TAKE =
      """
      update flow_result set taken = true, taker = :taker
       where socket = :socket and not taken and expires_at > clock_timestamp()
      """;

  boolean take(Handle handle, UUID socket, byte[] taker) {
    return handle.createUpdate(TAKE).bind("socket", socket).bind("taker", taker).execute() == 1;
  }

  private static final String SPOIL =
      """
      update flow_result set message = :message::jsonb
       where socket = :socket and message is null and taker is distinct from :taker
         and expires_at > clock_timestamp()
      """;

  void spoil(Handle handle, UUID socket, byte[] taker, ObjectNode message) {
    handle
        .createUpdate(SPOIL)
        .bind("socket", socket)
        .bind("taker", taker)
        .bind("message", Json.write(message))
        .execute();
  }

  private static final String PUBLISH =
      """
      update flow_result set message = :message::jsonb
       where socket = :socket and message is null and expires_at > clock_timestamp()
      """;

  /** False if something was said already, or nobody waits any more. */
  boolean publish(Handle handle, UUID socket, String message) {
    return handle.createUpdate(PUBLISH).bind("socket", socket).bind("message", message).execute()
        == 1;
  }

  private static final String READ =
      "select socket, message::text from flow_result where socket = any (:sockets) and message is not null";

  Map<UUID, String> read(Handle handle, Collection<UUID> sockets) {
    Map<UUID, String> messages = new HashMap<>();
    handle
        .createQuery(READ)
        .bindArray("sockets", UUID.class, sockets.toArray())
        .map((row, context) ->
            Map.entry(row.getObject("socket", UUID.class), row.getString("message")))
        .forEach(entry -> messages.put(entry.getKey(), entry.getValue()));
    return messages;
  }

  private static final String CLOSE = "delete from flow_result where socket = :socket";

  void close(Handle handle, UUID socket) {
    handle.createUpdate(CLOSE).bind("socket", socket).execute();
  }
}

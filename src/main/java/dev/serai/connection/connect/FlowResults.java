package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.vault.KeyHash;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/**
 * Tells the page that opened a popup what became of it, on whichever node either of them is. The
 * page's WebSocket has an id; one flow may take it, once. Thread-safe.
 */
public final class FlowResults {
  /** So long a page may wait; a flow itself has ten minutes. */
  public static final Duration LIFE = Duration.ofMinutes(15);

  private final Database database;
  private final FlowResultStore store = new FlowResultStore();
  private volatile BiConsumer<UUID, String> sockets = (socket, message) -> {};

  public FlowResults(Database database) {
    this.database = database;
  }

  /**
   * Says who holds this node's WebSockets: they are told right after the commit, while those of
   * other nodes are found by looking.
   *
   * @param sockets neither waits nor throws
   */
  public void tell(BiConsumer<UUID, String> sockets) {
    this.sockets = sockets;
  }

  /** A WebSocket was opened. */
  public UUID open() {
    UUID socket = UUID.randomUUID();
    database.useTransaction(handle -> store.open(handle, socket, LIFE));
    return socket;
  }

  /**
   * True for the first flow that asks for it; false if it is another's, gone or made up. Where two
   * came with different tokens one of them is a thief, and nobody knows which: the page is told so,
   * and nothing of the connection of either.
   *
   * @param key the integration's, for the page
   * @param token the session's, or the public key
   */
  public boolean take(UUID socket, String key, String token) {
    byte[] taker = KeyHash.of(token);
    return database.inTransaction(handle -> {
      boolean taken = store.take(handle, socket, taker);
      if (!taken) {
        String why = "Somebody else came with this window's id: begin again";
        store.spoil(handle, socket, taker, error(key, "", "url_param_err", why));
      }
      return taken;
    });
  }

  /** The first message counts; it is seen if and only if the transaction commits. */
  void publish(Handle transaction, UUID socket, ObjectNode message) {
    String frame = Json.write(message);
    if (store.publish(transaction, socket, frame)) {
      transaction.afterCommit(() -> sockets.accept(socket, frame));
    }
  }

  public void publish(UUID socket, ObjectNode message) {
    database.useTransaction(handle -> publish(handle, socket, message));
  }

  /** The frames that are ready for these, as JSON text. */
  public Map<UUID, String> read(Collection<UUID> sockets) {
    return database.read(handle -> store.read(handle, sockets));
  }

  public void close(UUID socket) {
    database.useTransaction(handle -> store.close(handle, socket));
  }

  public static ObjectNode success(String key, String connectionId, boolean pending) {
    return Json.object()
        .put("message_type", "success")
        .put("provider_config_key", key)
        .put("connection_id", connectionId)
        .put("is_pending", pending);
  }

  public static ObjectNode error(String key, String connectionId, String type, String words) {
    return Json.object()
        .put("message_type", "error")
        .put("provider_config_key", key)
        .put("connection_id", connectionId)
        .put("error_type", type)
        .put("error_desc", words);
  }
}

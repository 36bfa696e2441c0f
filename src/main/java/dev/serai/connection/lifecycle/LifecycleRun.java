package dev.serai.connection.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.connection.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One bounded run of a route, on a thread of its own that is interrupted when the time is up. */
record LifecycleRun(Event event, Duration limit) {

  /** What a route finds in its body, and what it may leave there: the same two objects. */
  static ObjectNode body(Connection connection) {
    ObjectNode metadata = connection.metadata();
    ObjectNode body = Json.object();
    body.set("connection_config", connection.config().deepCopy());
    body.set("metadata", metadata == null ? Json.object() : metadata.deepCopy());
    return body;
  }

  /**
   * @return what the route left
   * @throws Exception whatever a step threw, or that it took too long
   */
  JsonNode of(LifecycleRoute route, Connection connection) throws Exception {
    FutureTask<JsonNode> task = new FutureTask<>(() -> route.run(connection, body(connection)));
    Thread thread = Thread.ofVirtual().name("connection " + event.word()).start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw LifecycleFailure.late(connection, event, limit);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      thread.interrupt();
    }
  }

  /** For the log: only our own messages are known to hold neither secrets nor bodies. */
  static String told(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SeraiException ours) {
        return ours.code() + ": " + ours.getMessage();
      }
    }
    return failure.getClass().getSimpleName();
  }
}

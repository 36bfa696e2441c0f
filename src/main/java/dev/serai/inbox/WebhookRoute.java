package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.record.RecordPage;
import java.util.Optional;

/** The integrator's route: something an event is sent through. Thread-safe. */
public interface WebhookRoute {
  /**
   * Runs the steps once. Records are handed to {@code page}; nothing is saved here.
   *
   * @return why nothing of it must be committed; empty if it may be
   */
  Optional<Throwable> process(Connection connection, JsonNode event, RecordPage page);
}

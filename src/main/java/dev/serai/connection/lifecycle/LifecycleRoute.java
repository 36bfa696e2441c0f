package dev.serai.connection.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;

/** The steps of a route that begins with {@code connection:}. */
public interface LifecycleRoute {
  /**
   * Runs them once, on an exchange of their own, as the connection.
   *
   * @param body what the first step finds
   * @return what the last step left
   * @throws Exception whatever a step threw
   */
  JsonNode run(Connection connection, JsonNode body) throws Exception;
}

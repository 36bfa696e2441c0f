package dev.serai.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;

/** The steps of an action. */
public interface ActionRoute {
  /**
   * Runs them once, on an exchange of their own, as the connection.
   *
   * @return what the last step left
   * @throws Exception whatever a step threw
   */
  JsonNode run(Connection connection, JsonNode input) throws Exception;
}

package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.connection.ConnectionConfigCheck;
import dev.serai.connection.Quoting;
import dev.serai.connection.connect.ConnectRefused;
import java.util.List;

/**
 * How a page is told that a connection was not made: {@code code} and {@code message} as the
 * contract has them, and what a page needs to say it in its customer's language.
 */
final class Refusals {
  private Refusals() {}

  /** {@code {"error": {code, message, provider_message?, reason?, errors?}}}. */
  static WebReply reply(int status, SeraiException e) {
    ObjectNode envelope = Json.object();
    ObjectNode error = envelope.putObject("error").put("code", e.code());
    error.put("message", String.valueOf(e.getMessage()));
    quote(e, error);
    if (e.getCause() instanceof SeraiException why) {
      error.put("reason", why.code());
    }
    if (e instanceof ConnectRefused refused && !refused.problems().isEmpty()) {
      ArrayNode errors = error.putArray("errors");
      refused.problems().forEach(problem -> errors.add(issue(problem).json()));
    }
    return WebReply.json(status, envelope);
  }

  private static Issue issue(ConnectionConfigCheck.Problem problem) {
    return new Issue("custom", problem.message(), List.of("connection_config", problem.field()));
  }

  /** Adds {@code provider_message}: what the provider itself said, if it did. */
  static void quote(RuntimeException e, ObjectNode into) {
    if (e instanceof Quoting quoting && quoting.said() != null) {
      into.put("provider_message", quoting.said());
    }
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;

/** The helpdesk's "no": a status and which field is wrong. Thrown by handlers, sent as JSON. */
@SuppressWarnings("serial")
final class Refusal extends RuntimeException {
  private final int status;
  private final String field;

  Refusal(int status, String field, String message) {
    super(message, null, false, false);
    this.status = status;
    this.field = field;
  }

  static Refusal notFound(String what) {
    return new Refusal(404, what, "does not exist or was deleted");
  }

  Answer answer() {
    ObjectNode body = Json.object();
    body.put("error", status == 422 ? "unprocessable" : "refused");
    body.putArray("errors").addObject().put("field", field).put("message", getMessage());
    return Answer.json(status, body);
  }
}

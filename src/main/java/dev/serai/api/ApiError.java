package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.SeraiException;
import org.jspecify.annotations.Nullable;

/** An answer that is not a success, with the contract's code and status. */
final class ApiError extends SeraiException {
  private final int status;
  private final ObjectNode error;

  private ApiError(int status, String code, @Nullable String message, ObjectNode more) {
    super(code, status >= 500 ? Origin.OURS : Origin.CALLER, message == null ? code : message);
    this.status = status;
    this.error = Json.object().put("code", code);
    if (message != null) {
      error.put("message", message);
    }
    error.setAll(more);
  }

  static ApiError of(int status, String code, String message) {
    return new ApiError(status, code, message, Json.object());
  }

  /** As the contract writes some errors: with {@code more} beside code and message. */
  static ApiError of(int status, String code, @Nullable String message, ObjectNode more) {
    return new ApiError(status, code, message, more);
  }

  static ApiError notFound(String message) {
    return of(404, "not_found", message);
  }

  static ApiError invalidJson() {
    return of(400, "invalid_json", "The body is not valid JSON");
  }

  static ApiError unknownIntegration() {
    return of(400, "unknown_provider_config", "Provider does not exists");
  }

  ApiReply reply() {
    return reply(status, error);
  }

  static ApiReply reply(int status, ObjectNode error) {
    ObjectNode envelope = Json.object();
    envelope.set("error", error);
    return ApiReply.of(status, envelope);
  }
}

package dev.serai.http;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * No usable answer came. The code says why: {@code address_refused}, {@code invalid_request} (both
 * never left this machine), {@code connect_failed}, {@code timeout}, {@code connection_reset},
 * {@code answer_truncated}, {@code answer_too_large}, {@code invalid_answer}.
 */
public final class HttpFailure extends SeraiException {
  private static final long serialVersionUID = 1L;

  HttpFailure(String code, Origin origin, String message, Throwable cause) {
    super(code, origin, message, cause);
  }

  HttpFailure(String code, Origin origin, String message) {
    super(code, origin, message);
  }

  private HttpFailure(HttpFailure failure, String label) {
    super(failure.code(), failure.origin(), failure.getMessage() + " (" + label + ")", failure);
  }

  /** The same failure, with the name of what it happened to. */
  public HttpFailure of(String label) {
    return new HttpFailure(this, label);
  }

  /** True if the request cannot have reached the other side, so that repeating it is harmless. */
  public boolean neverSent() {
    return switch (code()) {
      case "address_refused", "invalid_request", "connect_failed" -> true;
      default -> false;
    };
  }
}

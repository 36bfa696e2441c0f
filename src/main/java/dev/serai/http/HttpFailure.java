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

  private final boolean neverSent;

  HttpFailure(String code, Origin origin, String message, Throwable cause) {
    super(code, origin, message, cause);
    this.neverSent = neverSent(code);
  }

  HttpFailure(String code, Origin origin, String message) {
    super(code, origin, message);
    this.neverSent = neverSent(code);
  }

  private HttpFailure(HttpFailure failure, String message, boolean neverSent) {
    super(failure.code(), failure.origin(), message, failure);
    this.neverSent = neverSent;
  }

  private static boolean neverSent(String code) {
    return switch (code) {
      case "address_refused", "invalid_request", "connect_failed" -> true;
      default -> false;
    };
  }

  /** The same failure, with the name of what it happened to. */
  public HttpFailure of(String label) {
    return new HttpFailure(this, getMessage() + " (" + label + ")", neverSent);
  }

  /** The same failure, known to have come before anything was sent. */
  HttpFailure unsent() {
    return neverSent ? this : new HttpFailure(this, String.valueOf(getMessage()), true);
  }

  /** True if the request cannot have reached the other side, so that repeating it is harmless. */
  public boolean neverSent() {
    return neverSent;
  }
}

package dev.serai.stream;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * A stream that cannot go on. The class tells what to do about it.
 *
 * @see ErrorClass
 */
public final class StreamException extends SeraiException {
  /** Who must act, and whether trying again can help. */
  public enum ErrorClass {
    /** Goes away by itself: the run is retried with backoff. */
    TRANSIENT,
    /** The customer must change something at the provider. */
    CONFIG,
    /** The credentials are not accepted any more: reconnect. */
    AUTH,
    /** Our own fault, or the provider file's. */
    SYSTEM,
    /** The provider broke its own contract (not JSON, a repeated cursor, too large). */
    PROVIDER
  }

  private final ErrorClass errorClass;

  public StreamException(String code, ErrorClass errorClass, String message) {
    super(code, originOf(errorClass), message);
    this.errorClass = errorClass;
  }

  public StreamException(String code, ErrorClass errorClass, String message, Throwable cause) {
    super(code, originOf(errorClass), message, cause);
    this.errorClass = errorClass;
  }

  public ErrorClass errorClass() {
    return errorClass;
  }

  private static Origin originOf(ErrorClass errorClass) {
    return switch (errorClass) {
      case TRANSIENT, PROVIDER -> Origin.PROVIDER;
      case CONFIG, AUTH -> Origin.CALLER;
      case SYSTEM -> Origin.OURS;
    };
  }
}

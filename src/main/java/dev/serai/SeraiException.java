package dev.serai;

/**
 * The root of what should not happen. The message names the subject (provider, connection, file)
 * and the remedy, and never holds a secret or a body; {@code code} is stable and machine-readable.
 * What may well happen (a lost lease, a duplicate) is a return value instead.
 */
public abstract class SeraiException extends RuntimeException {
  private final String code;
  private final Origin origin;

  protected SeraiException(String code, Origin origin, String message) {
    super(message);
    this.code = code;
    this.origin = origin;
  }

  protected SeraiException(String code, Origin origin, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.origin = origin;
  }

  public final String code() {
    return code;
  }

  public final Origin origin() {
    return origin;
  }
}

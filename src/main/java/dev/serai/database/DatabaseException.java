package dev.serai.database;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * The database cannot be used as it is, and waiting will not help: a schema from the future, a
 * server that is too old, a data folder somebody else holds. The message says what to do.
 */
public final class DatabaseException extends SeraiException {
  public DatabaseException(String code, String message) {
    super(code, Origin.OURS, message);
  }

  public DatabaseException(String code, String message, Throwable cause) {
    super(code, Origin.OURS, message, cause);
  }
}

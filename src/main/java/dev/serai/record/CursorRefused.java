package dev.serai.record;

import dev.serai.Origin;
import dev.serai.SeraiException;
import org.jspecify.annotations.Nullable;

/** A cursor that cannot be followed: {@code invalid_cursor} or {@code cursor_expired}. */
public final class CursorRefused extends SeraiException {
  private static final long serialVersionUID = 1;

  private CursorRefused(String code, String message, @Nullable Exception cause) {
    super(code, Origin.CALLER, message);
    if (cause != null) {
      initCause(cause);
    }
  }

  static CursorRefused invalid(@Nullable Exception cause) {
    return new CursorRefused(
        "invalid_cursor", "The cursor is not one that a listing of records answered", cause);
  }

  static CursorRefused forgotten() {
    return new CursorRefused(
        "cursor_expired",
        "Changes after this cursor are no longer kept: list the records, then the changes without a cursor",
        null);
  }

  static CursorRefused expired() {
    return new CursorRefused(
        "cursor_expired",
        "Records were removed after this cursor was answered: list again without a cursor",
        null);
  }
}

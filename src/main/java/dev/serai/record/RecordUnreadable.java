package dev.serai.record;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * A sealed payload that cannot be opened: {@code unsealing_failed} (it was changed, or belongs
 * elsewhere) or {@code data_key_gone} (its key was dropped: it is erased). Never holds a byte of
 * it.
 */
public final class RecordUnreadable extends SeraiException {
  private static final long serialVersionUID = 1;

  RecordUnreadable(String model, String externalId, SeraiException cause) {
    super(
        cause.code(),
        Origin.OURS,
        "A payload cannot be opened: %s (model: %s, record: %s)"
            .formatted(cause.getMessage(), model, externalId),
        cause);
  }

  /** True if it is erased for good, and no fault. */
  public boolean gone() {
    return code().equals("data_key_gone");
  }
}

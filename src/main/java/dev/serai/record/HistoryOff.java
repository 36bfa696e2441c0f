package dev.serai.record;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** Nothing is kept of what a model's records were: {@code history_off}. */
public final class HistoryOff extends SeraiException {
  private static final long serialVersionUID = 1;

  HistoryOff(String model) {
    super(
        "history_off",
        Origin.CALLER,
        "No history of %s is kept: set serai.model.%s.history to how long it is to be, as 30d"
            .formatted(model, model));
  }
}

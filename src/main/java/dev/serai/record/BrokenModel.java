package dev.serai.record;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A model's file is not a JSON Schema. */
public final class BrokenModel extends SeraiException {
  private static final long serialVersionUID = 1;

  BrokenModel(String model, Exception cause) {
    super(
        "broken_model",
        Origin.OURS,
        "Model %s is not a JSON Schema 2020-12: %s".formatted(model, cause.getMessage()),
        cause);
  }
}

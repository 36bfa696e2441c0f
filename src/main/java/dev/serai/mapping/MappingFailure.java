package dev.serai.mapping;

import dev.serai.Origin;
import dev.serai.SeraiException;

/**
 * A mapping that is missing ({@code unknown_mapping}), does not compile ({@code broken_mapping}) or
 * failed on an object ({@code mapping_failed}). Names file and line, and never the data.
 */
public final class MappingFailure extends SeraiException {
  private static final long serialVersionUID = 1L;

  MappingFailure(String code, String message) {
    super(code, Origin.OURS, message);
  }
}

package dev.serai.record;

import dev.serai.record.QuarantineConversionStore.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far the conversion of a collection has come; {@code collection.converted_after} spells it.
 *
 * @param after the last one looked at: an external id, a version, or {@code 0} or {@code 1}
 *     (whether it is identified) before an external id
 */
record Place(Phase phase, String after) {
  static final Place START = new Place(Phase.RECORDS, "");
  static final String FIRST_REFUSAL = "0";

  enum Phase {
    RECORDS,
    HISTORY,
    QUARANTINE
  }

  /** What nobody here has written counts as the start. */
  static Place parse(@Nullable String text) {
    for (Phase phase : Phase.values()) {
      if (text != null && text.startsWith(name(phase))) {
        return new Place(phase, text.substring(name(phase).length()));
      }
    }
    return START;
  }

  Place at(String newAfter) {
    return new Place(phase, newAfter);
  }

  Place atRefusal(Refusal refusal) {
    return at((refusal.identified() ? "1" : "0") + refusal.externalId());
  }

  boolean identified() {
    return after.startsWith("1");
  }

  String afterRefusal() {
    return after.substring(1);
  }

  private static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT) + ":";
  }

  @Override
  public String toString() {
    return name(phase) + after;
  }
}

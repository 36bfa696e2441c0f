package dev.serai.record;

import org.jspecify.annotations.Nullable;

/**
 * A payload as it is stored: plain, sealed, or not there.
 *
 * @param plain null: there is none, or it is sealed
 * @param sealed null: there is none, or it is plain
 */
record Payload(@Nullable String plain, byte @Nullable [] sealed) {
  static final Payload NONE = new Payload(null, null);

  boolean isThere() {
    return plain != null || sealed != null;
  }
}

package dev.serai.record;

import org.jspecify.annotations.Nullable;

/**
 * What a write says of one id: its new content (a slice of the page's canonical text and the hashes
 * of it), or, with a null hash, that it is deleted.
 *
 * @param watched hash of the watched fields; null if none are watched
 * @param overrides whether it also replaces what another kind of writer changed meanwhile
 */
record Item(
    String id,
    byte @Nullable [] hash,
    byte @Nullable [] watched,
    int offset,
    int length,
    boolean overrides) {
  static Item deleted(String id, boolean overrides) {
    return new Item(id, null, null, 0, 0, overrides);
  }

  boolean deletes() {
    return hash == null;
  }
}

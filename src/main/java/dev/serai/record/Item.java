package dev.serai.record;

import org.jspecify.annotations.Nullable;

/**
 * What a write says of one id: its new content (a slice of the page's canonical text and the hash
 * of it), or, with a null hash, that it is deleted.
 */
record Item(String id, byte @Nullable [] hash, int offset, int length) {
  static Item deleted(String id) {
    return new Item(id, null, 0, 0);
  }

  boolean deletes() {
    return hash == null;
  }
}

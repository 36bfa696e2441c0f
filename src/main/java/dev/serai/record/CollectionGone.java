package dev.serai.record;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A collection was removed, with its connection, between preparing a write and committing it. */
public final class CollectionGone extends SeraiException {
  private static final long serialVersionUID = 1;

  CollectionGone(long collection) {
    super(
        "collection_gone",
        Origin.OURS,
        "Collection %d was removed while a page was being saved; nothing of the page was kept"
            .formatted(collection));
  }
}

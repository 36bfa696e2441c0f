package dev.serai.sync;

import org.jdbi.v3.core.Handle;

/** Empties what one sync has filled, in chunks; implemented over the record room, wired in app. */
@FunctionalInterface
public interface CollectionEmptier {
  /**
   * Removes a chunk of the sync's rows in the caller's fenced transaction, so that everything read
   * next counts as added again.
   *
   * @return true if there may be more
   */
  boolean emptyChunk(Handle transaction, long connection, String variant, String stream);
}

package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open run as its lease holder found it.
 *
 * @param full reads everything: what it misses may be deleted
 * @param active false: the sync was paused or its route is gone; only the end is left to write
 * @param baseline collection → version when a full read began; rows changed later are never taken
 *     for missing
 */
record Run(
    long id,
    Mode mode,
    Phase phase,
    Instant startedAt,
    int pages,
    @Nullable JsonNode checkpoint,
    @Nullable JsonNode position,
    Map<Long, Long> baseline,
    Set<Long> collections,
    @Nullable Long candidates,
    boolean drifting,
    boolean active) {

  enum Mode {
    INITIAL,
    INCREMENTAL,
    FULL
  }

  enum Phase {
    READING,
    DELETING
  }

  boolean full() {
    return mode != Mode.INCREMENTAL;
  }
}

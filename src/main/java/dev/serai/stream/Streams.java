package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import org.jspecify.annotations.Nullable;

/** Opens the streams that providers declare. Thread-safe. */
public interface Streams {
  /**
   * A reader that starts at {@code position} (a resumed run), else at {@code checkpoint} (an
   * incremental run), else at the beginning.
   *
   * @param full read everything: no incremental filter even if there is a checkpoint (but the
   *     checkpoint still advances)
   */
  StreamReader open(
      Connection connection,
      String stream,
      boolean full,
      @Nullable JsonNode checkpoint,
      @Nullable JsonNode position);

  /** What a scheduler must know of a stream before it reads it. */
  Facts facts(String provider, String stream);

  /**
   * Asks the provider whether one record is really gone (for {@code deletes: verify}).
   *
   * @return true on 404 or 410, false when it is there
   * @throws StreamException when the answer is neither
   */
  boolean gone(Connection connection, String stream, String externalId);

  /**
   * @param deletes how deletions show
   * @param drifting the chain of pages can skip rows while it is read (page, offset without
   *     re-anchoring): a full read may only nominate
   * @param incremental reads changes only; without it every read is a full read
   * @param fullEveryRuns a full read after so many incremental ones; 0: never by count
   * @param fullEverySeconds a full read after so long; 0: never by time
   * @param maxDeleteRatio more missing rows than this share of the live ones are held; 0.5 unless
   *     declared
   */
  record Facts(
      Deletes deletes,
      boolean drifting,
      boolean incremental,
      int fullEveryRuns,
      long fullEverySeconds,
      double maxDeleteRatio) {}

  enum Deletes {
    /** The stream says nothing about deletions; rows stay. */
    NONE,
    /** A field of the record marks it as deleted. */
    FIELD,
    /** A complete full read misses it. */
    FULL_DIFF,
    /** A complete full read misses it and a GET by id confirms. */
    VERIFY
  }
}

package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What backends may do with syncs. Every call is one transaction and takes effect on whatever node
 * runs the sync. Thread-safe.
 */
public final class SyncControl {
  /**
   * A sync by name and variant, parsed from {@code "name"}, {@code "name::variant"} or an object.
   */
  public record Name(String name, String variant) {}

  /** What a triggered run reads. */
  public enum Mode {
    INCREMENTAL,
    FULL,
    /** Empties the collections first, so that every record counts as added again. */
    FULL_AND_EMPTY
  }

  /** The state of one sync of one connection, ready for {@code GET /sync/status}. */
  public record Status(
      UUID id,
      String connectionId,
      Type type,
      String name,
      String variant,
      State status,
      @Nullable String frequency,
      @Nullable Instant finishedAt,
      @Nullable Instant nextScheduledSyncAt,
      Map<String, Result> latestResult,
      @Nullable State latestExecutionStatus,
      Map<String, Long> recordCount,
      @Nullable JsonNode checkpoint) {}

  public record Result(long added, long updated, long deleted) {}

  public enum Type {
    INITIAL,
    INCREMENTAL,
    FULL
  }

  public enum State {
    RUNNING,
    SUCCESS,
    ERROR,
    PAUSED,
    STOPPED
  }

  /** The names among these that the provider has no sync (or this connection no variant) for. */
  public List<Name> unknown(String provider, List<Connection> connections, List<Name> syncs) {
    throw new UnsupportedOperationException();
  }

  /** Makes the syncs (all if empty) of these connections due at once; paused ones stay paused. */
  public int trigger(List<Connection> connections, List<Name> syncs, Mode mode) {
    throw new UnsupportedOperationException();
  }

  /** Resumes and runs at once. */
  public int start(List<Connection> connections, List<Name> syncs) {
    throw new UnsupportedOperationException();
  }

  /** No further run begins; a running one is cancelled at its next page. */
  public int pause(List<Connection> connections, List<Name> syncs) {
    throw new UnsupportedOperationException();
  }

  public List<Status> status(List<Connection> connections, List<Name> syncs) {
    throw new UnsupportedOperationException();
  }

  /**
   * Overrides how often a sync runs; null goes back to the route's own.
   *
   * @return the frequency in force; empty if there is no such sync
   * @throws InvalidFrequency if the text is not the contract's syntax or is below 30 s
   */
  public Optional<String> frequency(Connection connection, Name sync, @Nullable String frequency) {
    throw new UnsupportedOperationException();
  }
}

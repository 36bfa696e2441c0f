package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  /** How many variants a sync of one connection may have, the base one included. */
  private static final int MOST_VARIANTS = 100;

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

  /** What became of a wish for a new variant. */
  public enum VariantResult {
    CREATED,
    EXISTS,
    UNKNOWN_SYNC,
    /** Deleted since it was looked up. */
    NO_CONNECTION,
    TOO_MANY
  }

  private final Database database;
  private final SyncRegistry registry;
  private final SyncStatuses statuses;
  private final SyncStore store = new SyncStore();
  private final SyncStatusStore statusStore = new SyncStatusStore();

  /** Counts live records. */
  @FunctionalInterface
  public interface LiveCounts {
    /** By model. */
    Map<String, Long> of(long connection, String variant);
  }

  public SyncControl(Database database, SyncRegistry registry, LiveCounts counts) {
    this.database = database;
    this.registry = registry;
    this.statuses = new SyncStatuses(registry, counts);
  }

  /** The names among these that none of the connections has. */
  public List<Name> unknown(List<Connection> connections, List<Name> syncs) {
    List<Name> unknown = new ArrayList<>(syncs);
    database
        .read(handle -> statusStore.status(handle, ids(connections), syncs))
        .forEach(row -> unknown.remove(new Name(row.name(), row.variant())));
    return unknown;
  }

  /**
   * Makes the syncs (all if none is named) of these connections due at once; paused ones stay
   * paused. A run under way is followed by another.
   *
   * @return how many syncs that concerns
   */
  public int trigger(List<Connection> connections, List<Name> syncs, Mode mode) {
    return database.inTransaction(handle -> store.trigger(handle, ids(connections), syncs, mode));
  }

  /** Resumes and runs at once. */
  public int start(List<Connection> connections, List<Name> syncs) {
    return database.inTransaction(handle -> store.start(handle, ids(connections), syncs));
  }

  /** No further run begins; a running one is cancelled at its next page, and announced. */
  public int pause(List<Connection> connections, List<Name> syncs) {
    return database.inTransaction(handle -> store.pause(handle, ids(connections), syncs));
  }

  /** All syncs (or those named) of the connections, by connection, name and variant. */
  public List<Status> status(List<Connection> connections, List<Name> syncs) {
    Map<Long, Connection> byId = new LinkedHashMap<>();
    connections.forEach(c -> byId.put(c.id(), c));
    return database.read(handle -> statusStore.status(handle, ids(connections), syncs)).stream()
        .map(row -> statuses.of(row, byId.get(row.connection())))
        .toList();
  }

  /**
   * Overrides how often a sync runs; null goes back to the route's own.
   *
   * @return the frequency in force; empty if there is no such sync
   * @throws InvalidFrequency if the text is not the contract's syntax or is below 30 s
   */
  public Optional<String> frequency(Connection connection, Name sync, @Nullable String frequency) {
    Optional<SyncRegistry.Registered> route =
        registry.find(connection.provider() + "/" + sync.name());
    String inForce =
        frequency == null
            ? route.map(r -> r.definition().schedule().describe()).orElse("")
            : Frequency.format(Frequency.parse(frequency));
    long wait =
        frequency == null ? Long.MAX_VALUE / 4_000_000 : Frequency.parse(frequency).toMillis();
    boolean found =
        database.inTransaction(handle ->
            store.frequency(
                handle, connection.id(), sync, frequency == null ? null : inForce, wait));
    return found ? Optional.of(inForce) : Optional.empty();
  }

  /** Adds a variant of a sync to a connection; it runs at once and fills collections of its own. */
  public VariantResult createVariant(Connection connection, Name sync) {
    if (registry.find(connection.provider() + "/" + sync.name()).isEmpty()) {
      return VariantResult.UNKNOWN_SYNC;
    }
    return database.inTransaction(handle -> {
      if (store.variants(handle, connection.id(), sync.name()) >= MOST_VARIANTS) {
        return VariantResult.TOO_MANY;
      }
      if (store.create(handle, connection.id(), connection.tenant(), connection.provider(), sync)) {
        return VariantResult.CREATED;
      }
      return store.find(handle, connection.id(), sync).isPresent()
          ? VariantResult.EXISTS
          : VariantResult.NO_CONNECTION;
    });
  }

  public Optional<UUID> find(Connection connection, Name sync) {
    return database.read(handle -> store.find(handle, connection.id(), sync));
  }

  /** False: there is no such variant. */
  public boolean deleteVariant(Connection connection, Name sync) {
    return database.inTransaction(handle -> store.deleteVariant(handle, connection.id(), sync));
  }

  private static List<Long> ids(List<Connection> connections) {
    return connections.stream().map(Connection::id).toList();
  }
}

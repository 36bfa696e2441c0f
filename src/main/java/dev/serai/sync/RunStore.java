package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Runs: their beginning, their pages, their end. Every write happens behind the fence. */
final class RunStore {
  private final Duration lease;

  RunStore(Duration lease) {
    this.lease = lease;
  }

  /** The sync's row as the fence found it. */
  record Fenced(
      boolean active,
      @Nullable Long run,
      @Nullable JsonNode checkpoint,
      @Nullable JsonNode position,
      boolean fullRequested,
      boolean emptyRequested,
      int fullRunsAgo,
      @Nullable Instant fullAt,
      int failures,
      @Nullable String fingerprint,
      @Nullable String frequency) {

    /** As it stands once a new run is open. */
    Fenced withoutPosition() {
      return new Fenced(
          active,
          run,
          checkpoint,
          null,
          fullRequested,
          emptyRequested,
          fullRunsAgo,
          fullAt,
          failures,
          fingerprint,
          frequency);
    }
  }

  // First statement of every transaction of a run. It locks the row, so nobody can claim the sync
  // before this transaction ends; and it extends the lease past any transaction's longest life.
  private static final String FENCE =
      """
      update sync set lease_until = clock_timestamp() + :leaseMillis * interval '1 millisecond'
      where id = :id and lease_token = :token and lease_until > clock_timestamp()
      returning state, run, checkpoint, position, full_requested, empty_requested, full_runs_ago, full_at,
                failures, fingerprint, frequency
      """;

  /** Empty: the lease is lost and nothing may be written. */
  Optional<Fenced> fence(Handle handle, Lease held) {
    return handle
        .createQuery(FENCE)
        .bind("leaseMillis", lease.toMillis())
        .bind("id", held.sync())
        .bind("token", held.token())
        .map((rs, ctx) ->
            new Fenced(
                rs.getString("state").equals("active"),
                nullableLong(rs, "run"),
                json(rs.getString("checkpoint")),
                json(rs.getString("position")),
                rs.getBoolean("full_requested"),
                rs.getBoolean("empty_requested"),
                rs.getInt("full_runs_ago"),
                instant(rs, "full_at"),
                rs.getInt("failures"),
                rs.getString("fingerprint"),
                rs.getString("frequency")))
        .findOne();
  }

  private static final String SUCCEEDED_BEFORE =
      "select exists (select 1 from sync_run where sync = :sync and outcome = 'success')";

  boolean succeededBefore(Handle handle, long sync) {
    return handle.createQuery(SUCCEEDED_BEFORE).bind("sync", sync).mapTo(Boolean.class).one();
  }

  private static final String BASELINE =
      "select id, version from collection where connection = :connection and variant = :variant";

  Map<Long, Long> baseline(Handle handle, long connection, String variant) {
    Map<Long, Long> baseline = new HashMap<>();
    handle
        .createQuery(BASELINE)
        .bind("connection", connection)
        .bind("variant", variant)
        .map((rs, ctx) -> Map.entry(rs.getLong("id"), rs.getLong("version")))
        .forEach(e -> baseline.put(e.getKey(), e.getValue()));
    return baseline;
  }

  private static final String BEGIN =
      """
      insert into sync_run (sync, mode, drifting, baseline, fingerprint, checkpoint_from)
      values (:sync, :mode, :drifting, cast(:baseline as jsonb), :fingerprint, cast(:checkpoint as jsonb))
      returning id
      """;

  private static final String OPEN =
      """
      update sync set run = :run, position = null, full_requested = false, empty_requested = false, trigger_requested = false
      where id = :sync
      """;

  /** Opens a new run and clears what was asked for it. */
  long begin(
      Handle handle,
      Lease held,
      Run.Mode mode,
      boolean drifting,
      Map<Long, Long> baseline,
      String fingerprint,
      @Nullable JsonNode checkpoint) {
    ObjectNode versions = Json.object();
    baseline.forEach((collection, version) -> versions.put(collection.toString(), version));
    long run =
        handle
            .createQuery(BEGIN)
            .bind("sync", held.sync())
            .bind("mode", mode.name().toLowerCase(Locale.ROOT))
            .bind("drifting", drifting)
            .bind("baseline", Json.write(versions))
            .bind("fingerprint", fingerprint)
            .bind("checkpoint", text(checkpoint))
            .mapTo(Long.class)
            .one();
    handle.createUpdate(OPEN).bind("run", run).bind("sync", held.sync()).execute();
    return run;
  }

  private static final String TAKE_UP =
      "update sync_run set takeovers = takeovers + 1, error_code = null, error_message = null, error_class = null where id = :run";

  void takeUp(Handle handle, long run) {
    handle.createUpdate(TAKE_UP).bind("run", run).execute();
  }

  private static final String FIND =
      """
      select id, mode, phase, started_at, pages, baseline, collections, candidates, drifting
      from sync_run where id = :run
      """;

  Run find(Handle handle, long run, Fenced fenced) {
    return handle
        .createQuery(FIND)
        .bind("run", run)
        .map((rs, ctx) ->
            new Run(
                rs.getLong("id"),
                Run.Mode.valueOf(rs.getString("mode").toUpperCase(Locale.ROOT)),
                rs.getString("phase").equals("reading") ? Run.Phase.READING : Run.Phase.DELETING,
                rs.getTimestamp("started_at").toInstant(),
                rs.getInt("pages"),
                fenced.checkpoint(),
                fenced.position(),
                baselineOf(rs.getString("baseline")),
                longs(rs.getArray("collections")),
                nullableLong(rs, "candidates"),
                rs.getBoolean("drifting"),
                fenced.active()))
        .one();
  }

  static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : Json.write(node);
  }

  static @Nullable JsonNode json(@Nullable String text) {
    return text == null ? null : Json.parse(text);
  }

  private static @Nullable Long nullableLong(ResultSet rs, String column) throws SQLException {
    long value = rs.getLong(column);
    return rs.wasNull() ? null : value;
  }

  static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    var stamp = rs.getTimestamp(column);
    return stamp == null ? null : stamp.toInstant();
  }

  private static Map<Long, Long> baselineOf(@Nullable String text) {
    Map<Long, Long> baseline = new HashMap<>();
    if (text != null) {
      Json.parse(text)
          .properties()
          .forEach(e -> baseline.put(Long.valueOf(e.getKey()), e.getValue().asLong()));
    }
    return baseline;
  }

  private static Set<Long> longs(Array array) throws SQLException {
    List<Long> values = new ArrayList<>();
    for (Object value : (Object[]) array.getArray()) {
      values.add(((Number) value).longValue());
    }
    return new HashSet<>(values);
  }
}

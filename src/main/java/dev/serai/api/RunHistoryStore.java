package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.record.Sealing;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what syncs left behind, as JSON made by PostgreSQL. Thread-safe. */
public final class RunHistoryStore {
  /** How much of a refused record is shown. */
  private static final int MOST_RAW = 20_000;

  private final Database database;
  private final Sealing sealing;

  public RunHistoryStore(Database database, Sealing sealing) {
    this.database = database;
    this.sealing = sealing;
  }

  private static final String RUNS =
      """
      select json_build_object(
               'id', r.uuid, 'sync', s.name, 'variant', s.variant, 'mode', r.mode, 'phase', r.phase,
               'outcome', r.outcome, 'started_at', r.started_at, 'ended_at', r.ended_at,
               'takeovers', r.takeovers, 'pages', r.pages, 'added', r.added, 'updated', r.updated,
               'deleted', r.deleted, 'unchanged', r.unchanged, 'quarantined', r.quarantined,
               'duplicates', r.duplicates, 'skipped', r.skipped, 'unwatched', r.unwatched, 'held', r.held,
               'error', case when r.error_code is not null then json_build_object(
                 'code', r.error_code, 'class', r.error_class, 'message', r.error_message) end,
               'warning', r.warning)::text
        from sync_run r join sync s on s.id = r.sync
       where s.connection = :connection and (cast(:sync as text) is null or s.name = :sync)
       order by r.id desc
       limit :limit
      """;

  /** The latest runs first. */
  List<ObjectNode> runs(long connection, @Nullable String sync, int limit) {
    return database.read(handle ->
        handle
            .createQuery(RUNS)
            .bind("connection", connection)
            .bind("sync", sync)
            .bind("limit", limit)
            .mapTo(String.class)
            .map(text -> (ObjectNode) Json.parse(text))
            .list());
  }

  private static final String QUARANTINE =
      """
      select json_build_object(
               'id', q.external_id, 'model', c.model, 'variant', c.variant, 'sync', q.stream,
               'run', r.uuid, 'reason', q.reason, 'raw', left(q.raw, :most), 'first_at', q.first_at,
               'last_at', q.last_at)::text as entry,
             q.collection, q.identified, q.external_id, q.key, q.sealed
        from quarantine q
        join collection c on c.id = q.collection
        left join sync_run r on r.id = q.run
       where c.connection = :connection
         and (cast(:model as text) is null or lower(c.model) = lower(:model))
       order by q.last_at desc, q.collection, q.external_id
       limit :limit
      """;

  /** The latest refusals first; {@code raw} is the beginning of the record as it came. */
  List<ObjectNode> quarantine(long connection, @Nullable String model, int limit) {
    return database.read(handle ->
        handle
            .createQuery(QUARANTINE)
            .bind("connection", connection)
            .bind("model", model)
            .bind("most", MOST_RAW)
            .bind("limit", limit)
            .map((row, context) -> refusal(row))
            .list());
  }

  private ObjectNode refusal(ResultSet row) throws SQLException {
    ObjectNode entry = (ObjectNode) Json.parse(row.getString("entry"));
    byte[] sealed = row.getBytes("sealed");
    if (sealed == null) {
      return entry;
    }
    long key = row.getLong("key");
    byte[] bound =
        Sealing.quarantined(
            row.getLong("collection"),
            key,
            row.getBoolean("identified"),
            row.getString("external_id"));
    String raw = new String(sealing.key(key).open(bound, sealed), StandardCharsets.UTF_8);
    int end = raw.offsetByCodePoints(0, Math.min(MOST_RAW, raw.codePointCount(0, raw.length())));
    return entry.put("raw", raw.substring(0, end));
  }
}

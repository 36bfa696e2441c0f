package dev.serai.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Where syncs stand, for whoever asks. */
final class SyncStatusStore {
  /** A sync with its last runs, as status wants it. */
  record Row(
      UUID uuid,
      long connection,
      String provider,
      String name,
      String variant,
      String state,
      @Nullable String frequency,
      Instant dueAt,
      boolean leased,
      @Nullable JsonNode checkpoint,
      @Nullable String mode,
      @Nullable String outcome,
      @Nullable Instant endedAt,
      @Nullable JsonNode results,
      boolean suspended) {}

  private static final String STATUS =
      """
      select s.uuid, s.connection, s.provider, s.name, s.variant, s.state, s.frequency, s.due_at, s.checkpoint,
             s.lease_until > clock_timestamp() as leased,
             coalesce(o.mode, e.mode) as mode, e.outcome, e.ended_at, e.results, o.error_code is not null as suspended
      from sync s
      left join sync_run o on o.id = s.run
      left join lateral (select * from sync_run r where r.sync = s.id and r.phase = 'ended' order by r.id desc limit 1) e on true
      where s.connection = any(:connections)
        and (cardinality(:names::text[]) = 0 or s.name || '::' || s.variant = any(:names))
      order by s.connection, s.name, s.variant
      """;

  List<Row> status(Handle handle, List<Long> connections, List<SyncControl.Name> names) {
    return SyncStore.chosen(handle.createQuery(STATUS), connections, names)
        .map((rs, ctx) ->
            new Row(
                rs.getObject("uuid", UUID.class),
                rs.getLong("connection"),
                rs.getString("provider"),
                rs.getString("name"),
                rs.getString("variant"),
                rs.getString("state"),
                rs.getString("frequency"),
                rs.getTimestamp("due_at").toInstant(),
                rs.getBoolean("leased"),
                RunStore.json(rs.getString("checkpoint")),
                rs.getString("mode"),
                rs.getString("outcome"),
                RunStore.instant(rs, "ended_at"),
                RunStore.json(rs.getString("results")),
                rs.getBoolean("suspended")))
        .list();
  }
}

package dev.serai.record;

import dev.serai.record.Part.Broken;
import dev.serai.record.RecordWriter.Write;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The rows of {@code quarantine}; written in ascending id, after every collection is locked. */
final class QuarantineStore {
  private static final String KEEP =
      """
      insert into quarantine (collection, identified, external_id, stream, run, reason, raw, sealed, key)
      select :collection, u.identified, u.id, :stream, nullif(:run, 0), u.reason, u.raw, u.sealed, :key
      from unnest(:identified, :ids, :reasons, :raws, :sealed) as u(identified, id, reason, raw, sealed)
      on conflict (collection, identified, external_id) do update set stream = excluded.stream,
        run = excluded.run, reason = excluded.reason, raw = excluded.raw, sealed = excluded.sealed,
        key = excluded.key, last_at = clock_timestamp()
      """;

  private static final String RELEASE =
      """
      delete from quarantine where (collection, identified, external_id) in (
        select q.collection, q.identified, q.external_id from quarantine q
        where q.collection = :collection and q.identified and q.external_id = any(:ids)
        order by q.external_id for update)
      """;

  private static final String FORGET_UNSEEN =
      """
      delete from quarantine
      where collection = :collection and stream = :stream and run is distinct from :run
      """;

  private static final String UNIDENTIFIED =
      """
      select exists (
        select from quarantine where collection = :collection and not identified and run = :run)
      """;

  /** Keeps the records and why they were refused; what was kept of the same id before goes. */
  void keep(Handle transaction, Part part, Write write) {
    List<Broken> sorted =
        part.broken().stream()
            .sorted(Comparator.comparing(Broken::identified).thenComparing(Broken::id))
            .toList();
    List<Payload> raws =
        sorted.stream()
            .map(broken ->
                part.form()
                    .refused(part.collection(), broken.identified(), broken.id(), broken.raw()))
            .toList();
    transaction
        .createUpdate(KEEP)
        .bind("collection", part.collection())
        .bind("stream", write.stream())
        .bind("run", write.run())
        .bind("key", part.form().keyId())
        .bind("identified", SqlArguments.column("bool", sorted, Broken::identified))
        .bind("ids", SqlArguments.column("text", sorted, Broken::id))
        .bind("reasons", SqlArguments.column("text", sorted, Broken::reason))
        .bind("raws", SqlArguments.column("text", raws, Payload::plain))
        .bind("sealed", SqlArguments.bytes(raws, Payload::sealed))
        .execute();
  }

  private static final String HOLDS =
      "select exists (select from quarantine where collection = :collection and identified)";

  /** Whether there is anything to let go of: most collections hold nothing. */
  boolean holds(Handle transaction, long collection) {
    return transaction.createQuery(HOLDS).bind("collection", collection).mapTo(Boolean.class).one();
  }

  /** Lets go of ids that were saved well (or deleted) now; writes nothing if none is held. */
  void release(Handle transaction, long collection, List<Item> saved) {
    transaction
        .createUpdate(RELEASE)
        .bind("collection", collection)
        .bind("ids", SqlArguments.of("text", saved.stream().map(Item::id).toArray(String[]::new)))
        .execute();
  }

  /** Drops what a complete read of the stream, this run, did not meet again. */
  int forgetUnseen(Handle transaction, long collection, String stream, long run) {
    return transaction
        .createUpdate(FORGET_UNSEEN)
        .bind("collection", collection)
        .bind("stream", stream)
        .bind("run", run)
        .execute();
  }

  /** Whether this run met a record without a usable id: then no missing id is proven gone. */
  boolean unidentified(Handle handle, long collection, long run) {
    return handle
        .createQuery(UNIDENTIFIED)
        .bind("collection", collection)
        .bind("run", run)
        .mapTo(Boolean.class)
        .one();
  }
}

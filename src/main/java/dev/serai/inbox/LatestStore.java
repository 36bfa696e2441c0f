package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * When webhooks last said something of each record, changed or not, there or gone: what an earlier
 * one says of it that is done later, after a failure, is old. The tasks of a connection run one at
 * a time, so what is read before a commit still holds in it.
 */
final class LatestStore {
  private static final String LATER =
      """
      select l.model, l.external_id
        from unnest(:models::text[], :ids::text[]) as u(model, external_id)
        join webhook_latest l on l.connection = :connection and l.model = u.model and l.external_id = u.external_id
       where l.said_at > :said
      """;

  /** What records are told apart by within a connection. */
  private record Key(String model, @Nullable String id) {}

  /** These without the records of which something later was said, unless they override that. */
  List<Batch> current(Handle handle, long connection, OffsetDateTime said, List<Batch> batches) {
    Set<Key> keys = keys(batches);
    if (keys.isEmpty()) {
      return batches;
    }
    Set<Key> old =
        new HashSet<>(
            handle
                .createQuery(LATER)
                .bind("connection", connection)
                .bind("models", column(keys, Key::model))
                .bind("ids", column(keys, Key::id))
                .bind("said", said)
                .map((row, context) -> new Key(row.getString(1), row.getString(2)))
                .list());
    return old.isEmpty()
        ? batches
        : batches.stream().map(batch -> batch.override() ? batch : without(batch, old)).toList();
  }

  private static Batch without(Batch batch, Set<Key> old) {
    return switch (batch) {
      case Batch.Save save ->
          new Batch.Save(
              save.model(),
              save.records().stream()
                  .filter(record ->
                      !old.contains(new Key(save.model(), RecordWriter.idOf(record.path("id")))))
                  .toList(),
              save.override());
      case Batch.Delete delete ->
          new Batch.Delete(
              delete.model(),
              delete.externalIds().stream()
                  .filter(id -> !old.contains(new Key(delete.model(), id)))
                  .toList(),
              delete.override());
    };
  }

  private static final String SAY =
      """
      insert into webhook_latest (connection, model, external_id, said_at)
        select :connection, model, external_id, :said from unnest(:models::text[], :ids::text[]) as u(model, external_id)
      on conflict (connection, model, external_id) do update set said_at = excluded.said_at
      """;

  /** In the transaction that commits them. */
  void say(Handle transaction, long connection, OffsetDateTime said, List<Batch> batches) {
    Set<Key> keys = keys(batches);
    if (!keys.isEmpty()) {
      transaction
          .createUpdate(SAY)
          .bind("connection", connection)
          .bind("models", column(keys, Key::model))
          .bind("ids", column(keys, Key::id))
          .bind("said", said)
          .execute();
    }
  }

  private static Set<Key> keys(List<Batch> batches) {
    Set<Key> keys = new LinkedHashSet<>();
    for (Batch batch : batches) {
      switch (batch) {
        case Batch.Save save ->
            save.records().forEach(record -> add(keys, save.model(), record.path("id")));
        case Batch.Delete delete ->
            delete.externalIds().forEach(id -> add(keys, delete.model(), TextNode.valueOf(id)));
      }
    }
    return keys;
  }

  private static void add(Set<Key> keys, String model, JsonNode id) {
    String name = RecordWriter.idOf(id);
    if (name != null) { // else the record is set aside
      keys.add(new Key(model, name));
    }
  }

  private static @Nullable String[] column(Set<Key> keys, Function<Key, @Nullable String> part) {
    return keys.stream().map(part).toArray(String[]::new);
  }
}

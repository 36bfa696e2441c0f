package dev.serai.record;

import dev.serai.database.Database;
import dev.serai.record.RetentionStore.Held;
import dev.serai.record.RetentionStore.Limits;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what the models' policies keep no longer: payloads, rows of deleted records, history.
 * In chunks, each a transaction that locks its collection first: writers wait for a chunk at most.
 * Repeatable after a crash; several nodes may do it at once. Thread-safe.
 */
public final class RecordRetention {
  static final int CHUNK = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(RecordRetention.class);

  /** Collections looked at by one query. */
  private static final int BATCH = 1_000;

  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final Database database;
  private final ModelPolicies policies;
  private final CollectionStore collections;
  private final RetentionStore store = new RetentionStore();
  private final PruningStore pruning = new PruningStore();

  public RecordRetention(Database database, ModelPolicies policies) {
    this.database = database;
    this.policies = policies;
    this.collections = new CollectionStore(database);
  }

  /** How much went. */
  public record Retained(long payloads, long rows, long history) {
    private Retained plus(Retained more) {
      return new Retained(payloads + more.payloads, rows + more.rows, history + more.history);
    }

    private boolean isNothing() {
      return payloads + rows + history == 0;
    }
  }

  /** Takes at most so much of a locked collection; answers how much. */
  @FunctionalInterface
  private interface Chunk {
    long take(Handle transaction, OffsetDateTime before);
  }

  /**
   * Goes through all collections once.
   *
   * @param goOn asked before every chunk
   */
  public Retained run(BooleanSupplier goOn) {
    OffsetDateTime now = database.now();
    Retained all = new Retained(0, 0, 0);
    List<Held> batch = batch(0);
    while (!batch.isEmpty() && goOn.getAsBoolean()) {
      SortedMap<Long, Limits> limits = new TreeMap<>();
      batch.forEach(held -> limits.put(held.id(), limits(held, now)));
      limits.keySet().retainAll(database.inTransaction(tx -> store.due(tx, limits)));
      for (Map.Entry<Long, Limits> due : limits.entrySet()) {
        all = all.plus(clear(due.getKey(), due.getValue(), goOn));
      }
      batch = batch(batch.getLast().id());
    }
    if (!all.isNothing()) {
      LOG.info(
          "Retention: let go of {} payloads, {} deleted records, {} rows of history",
          all.payloads(),
          all.rows(),
          all.history());
    }
    return all;
  }

  private List<Held> batch(long after) {
    return database.read(handle -> store.collections(handle, after, BATCH));
  }

  private Limits limits(Held held, OffsetDateTime now) {
    ModelPolicy policy = policies.of(held.provider(), held.model());
    return new Limits(
        before(now, policy.payloads()),
        before(now, policy.deleted()),
        policy.history() == null ? OffsetDateTime.MAX : before(now, policy.history()));
  }

  private static @Nullable OffsetDateTime before(OffsetDateTime now, @Nullable Duration kept) {
    return kept == null || kept.compareTo(FOR_EVER) >= 0 ? null : now.minus(kept);
  }

  private Retained clear(long collection, Limits limits, BooleanSupplier goOn) {
    Chunk prune =
        (tx, before) ->
            pruning
                .prune(tx, collection, RecordCursor.at(before, Long.MAX_VALUE, 0), CHUNK)
                .count();
    return new Retained(
        chunks(collection, limits.payloads(), goOn, prune),
        chunks(
            collection, limits.deleted(), goOn, (tx, t) -> store.purge(tx, collection, t, CHUNK)),
        chunks(
            collection, limits.history(), goOn, (tx, t) -> store.forget(tx, collection, t, CHUNK)));
  }

  private long chunks(
      long collection, @Nullable OffsetDateTime before, BooleanSupplier goOn, Chunk chunk) {
    long all = 0;
    long taken = CHUNK;
    while (before != null && taken == CHUNK && goOn.getAsBoolean()) {
      taken = chunk(collection, before, chunk);
      all += taken;
    }
    return all;
  }

  private long chunk(long collection, OffsetDateTime before, Chunk chunk) {
    try {
      return database.inTransaction(transaction -> {
        collections.lock(transaction, new TreeSet<>(List.of(collection)));
        return chunk.take(transaction, before);
      });
    } catch (CollectionGone e) {
      return 0;
    }
  }
}

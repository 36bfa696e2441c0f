package dev.serai.vault;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.database.Database;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vault's data keys as they stand in the database, wrapped by the master key. Every node finds
 * a new one by itself: what is sealed by a key it has not met, it fetches; what it seals with, it
 * asks for every {@link #ASKED}, and it seals with none it has not asked for within {@link #FRESH}.
 * Thread-safe.
 */
public final class StoredKeys implements KeyRing, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoredKeys.class);

  /** How often a node looks which key is in force. */
  static final Duration ASKED = Duration.ofSeconds(3);

  /** A node that could not look for so long, or was stopped, looks before it seals. */
  static final Duration FRESH = Duration.ofSeconds(15);

  private static final int MOST = 1_000;

  private record Current(int id, SealingKey key, long at) {
    boolean isFresh() {
      return System.nanoTime() - at < FRESH.toNanos();
    }
  }

  private final VaultKeyStore store;
  private final Wrapping wrapping;
  private final SealingKey master;
  private final @Nullable String node;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final LoadingCache<Integer, SealingKey> byId =
      Caffeine.newBuilder().maximumSize(MOST).build(this::fetch);
  private volatile @Nullable Current current;
  private volatile boolean told;

  /**
   * @param node under which it tells what it seals with; null: it tells nobody, as a command does
   */
  public StoredKeys(Database database, MasterKey master, @Nullable String node) {
    this.store = new VaultKeyStore(database);
    this.wrapping = new Wrapping(master);
    this.master = SealingKey.of(master);
    this.node = node;
  }

  /** Begins to follow what the database says; until {@link #close}. */
  public StoredKeys follow() {
    Thread.ofVirtual().name("vault-keys").start(this::watch);
    return this;
  }

  private void watch() {
    try {
      do {
        look();
      } while (!closed.await(ASKED.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      Current seen = current;
      // If nothing was sealed yet, there may be no key, and none is made for this.
      tell(seen == null ? null : asked());
    } catch (RuntimeException e) {
      LOG.debug("Cannot look which key of the vault is in force", e);
    }
  }

  @Override
  public SealingKey current() {
    Current known = current;
    return (known != null && known.isFresh() ? known : asked()).key();
  }

  /** Looks which key is in force; makes the first one. */
  private Current asked() {
    long at = System.nanoTime();
    VaultKeyStore.Wrapped active =
        store
            .active(wrapping.master())
            .orElseGet(() ->
                store.activeOrNew(wrapping.master(), id -> wrapping.wrap(id, Wrapping.fresh())));
    SealingKey key = byId.get(active.id());
    Current now = new Current(active.id(), key, at);
    boolean first = current == null;
    current = now;
    if (first) {
      tell(now);
    }
    return now;
  }

  /** That this node runs, by which master key; from then on nobody takes its keys away. */
  private void tell(@Nullable Current now) {
    if (node != null) {
      store.seen(node, wrapping.master(), now == null ? null : now.id());
      told = true;
    }
  }

  /** Looks now, whatever was known. */
  void ask() {
    asked();
  }

  @Override
  public SealingKey find(byte[] name) {
    if (master.isNamed(name)) {
      return master;
    }
    if (name[0] != SealingKey.DATA) {
      throw MasterRing.unknown(name, master.name());
    }
    return byId.get(ByteBuffer.wrap(name, 1, 4).getInt());
  }

  private SealingKey fetch(int id) {
    if (!told && current == null) {
      tell(null);
    }
    return store
        .find(id, wrapping.master())
        .map(key -> SealingKey.of(key.id(), wrapping.unwrap(key)))
        .orElseThrow(() -> MasterRing.unknown(SealingKey.dataKeyName(id), master.name()));
  }

  @Override
  public void close() {
    closed.countDown();
    if (node != null && told) {
      try {
        store.forget(node);
      } catch (RuntimeException e) {
        LOG.debug("Cannot say that this node seals no more", e);
      }
    }
  }
}

package dev.serai.connection;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.Origin;
import dev.serai.provider.Provider;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds the requests at the same time per connection and per provider on this node. Waiting is
 * fair and costs no platform thread; a semaphore lives as long as somebody holds or awaits it.
 */
final class Concurrency {
  private record Key(String provider, long connection, int permits) {}

  private final LoadingCache<Key, Semaphore> semaphores =
      Caffeine.newBuilder().weakValues().build(key -> new Semaphore(key.permits(), true));

  /** The connection's turn comes first, so that one connection cannot queue up the provider. */
  <T> T within(Provider provider, Connection connection, Supplier<T> work) {
    Provider.Concurrency limits = provider.concurrency();
    Semaphore own =
        semaphores.get(new Key(provider.name(), connection.id(), limits.perConnection()));
    Semaphore all = semaphores.get(new Key(provider.name(), -1, limits.perProvider()));
    acquire(own, connection);
    try {
      acquire(all, connection);
      try {
        return work.get();
      } finally {
        all.release();
      }
    } finally {
      own.release();
    }
  }

  private static void acquire(Semaphore semaphore, Connection connection) {
    try {
      semaphore.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderCallRefused(
          "interrupted", Origin.OURS, connection.label() + ": stopped while waiting for its turn");
    }
  }
}

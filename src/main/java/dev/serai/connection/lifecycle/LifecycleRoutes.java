package dev.serai.connection.lifecycle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The routes of connections' lives that run on this node. Thread-safe. */
public final class LifecycleRoutes {
  private record Key(String provider, Event event) {}

  private final Map<Key, LifecycleRoute> routes = new ConcurrentHashMap<>();

  /** True if the provider's folder has the route, whether or not it could be loaded. */
  public static boolean declares(Path folder, Event event) {
    return Files.exists(folder.resolve("connection").resolve(event.word() + ".camel.yaml"));
  }

  /** Makes the route known; one of the same provider and event is replaced (reload). */
  public void register(String provider, Event event, LifecycleRoute route) {
    routes.put(new Key(provider, event), route);
  }

  /** Forgets this very route; one that replaced it stays. */
  public void unregister(String provider, Event event, LifecycleRoute route) {
    routes.remove(new Key(provider, event), route);
  }

  public Optional<LifecycleRoute> find(String provider, Event event) {
    return Optional.ofNullable(routes.get(new Key(provider, event)));
  }
}

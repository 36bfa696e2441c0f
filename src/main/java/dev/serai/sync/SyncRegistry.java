package dev.serai.sync;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sync routes that run on this node. Thread-safe. */
public final class SyncRegistry {
  /** A sync and the route that handles its pages. */
  public record Registered(SyncDefinition definition, PageRoute route) {}

  private final Map<String, Registered> routes = new ConcurrentHashMap<>();
  private final Map<String, Boolean> suspended = new ConcurrentHashMap<>();

  /** Makes the route known; a route of the same key replaces it (reload). */
  public void register(SyncDefinition definition, PageRoute route) {
    routes.put(definition.key(), new Registered(definition, route));
  }

  /** Forgets this very route; one that replaced it stays. */
  public void unregister(SyncDefinition definition, PageRoute route) {
    if (routes.remove(definition.key(), new Registered(definition, route))) {
      suspended.remove(definition.key());
    }
  }

  /** A suspended route keeps its syncs but no run of it begins on this node. */
  public void suspend(String key, boolean suspend) {
    if (suspend) {
      suspended.put(key, true);
    } else {
      suspended.remove(key);
    }
  }

  /**
   * The route of a sync that runs here.
   *
   * @throws java.util.NoSuchElementException if none does
   */
  public PageRoute route(String key) {
    return find(key).orElseThrow().route();
  }

  Optional<Registered> find(String key) {
    return Optional.ofNullable(routes.get(key));
  }

  List<SyncDefinition> of(String provider) {
    return routes.values().stream()
        .map(Registered::definition)
        .filter(d -> d.provider().equals(provider))
        .toList();
  }

  /** The keys a claim may pick. */
  String[] runnable() {
    return routes.keySet().stream().filter(k -> !suspended.containsKey(k)).toArray(String[]::new);
  }

  public List<SyncDefinition> all() {
    return routes.values().stream().map(Registered::definition).toList();
  }
}

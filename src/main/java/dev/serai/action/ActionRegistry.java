package dev.serai.action;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The action routes that run on this node. Thread-safe. */
public final class ActionRegistry {
  /** An action and the route that does it. */
  public record Registered(ActionDefinition definition, ActionRoute route) {}

  private final Map<String, Registered> routes = new ConcurrentHashMap<>();

  /** Makes the route known; a route of the same key replaces it (reload). */
  public void register(ActionDefinition definition, ActionRoute route) {
    routes.put(definition.key(), new Registered(definition, route));
  }

  /** Forgets this very route; one that replaced it stays. */
  public void unregister(ActionDefinition definition, ActionRoute route) {
    routes.remove(definition.key(), new Registered(definition, route));
  }

  public Optional<Registered> find(String provider, String name) {
    return Optional.ofNullable(routes.get(provider + "/" + name));
  }

  /** The actions of a provider, by name. */
  public List<ActionDefinition> of(String provider) {
    return routes.values().stream()
        .map(Registered::definition)
        .filter(definition -> definition.provider().equals(provider))
        .sorted(Comparator.comparing(ActionDefinition::name))
        .toList();
  }
}

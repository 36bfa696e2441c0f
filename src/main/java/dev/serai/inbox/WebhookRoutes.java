package dev.serai.inbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The webhook routes that run on this node. Thread-safe. */
public final class WebhookRoutes {
  /** Stands for every event that no other route of the provider names. */
  public static final String REST = "*";

  /**
   * @param sync the sync whose records it saves, empty if it saves none of a sync's
   */
  public record Registered(WebhookRoute route, String sync) {}

  private final Map<String, Map<String, Registered>> byProvider = new ConcurrentHashMap<>();

  /** Whether a provider's folder has such routes, loaded here or not. */
  static boolean in(Path folder) {
    return Files.isDirectory(folder.resolve("webhooks"));
  }

  /** Makes the route known for these events; a route of the same event replaces it (reload). */
  public void register(String provider, Set<String> events, Registered registered) {
    Map<String, Registered> own =
        byProvider.computeIfAbsent(provider, any -> new ConcurrentHashMap<>());
    events.forEach(event -> own.put(event, registered));
  }

  /** Forgets this very route; one that replaced it stays. */
  public void unregister(String provider, Set<String> events, Registered registered) {
    Map<String, Registered> own = byProvider.getOrDefault(provider, Map.of());
    events.forEach(event -> own.remove(event, registered));
  }

  Optional<Registered> find(String provider, String event) {
    Map<String, Registered> own = byProvider.getOrDefault(provider, Map.of());
    Registered exact = own.get(event);
    return Optional.ofNullable(exact == null ? own.get(REST) : exact);
  }

  /** The providers that have a route here. */
  Set<String> providers() {
    return byProvider.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}

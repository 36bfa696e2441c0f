package dev.serai.provider;

import dev.serai.provider.Provider.ConfigField;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that templates may use. */
record Names(Map<String, ConfigField> config) {
  private static final List<String> APP =
      List.of(
          "app.client_id", "app.client_secret", "app.app_id", "app.app_link", "app.private_key");

  /** Configuration that may be seen: the only kind that addresses may contain. */
  Set<String> open() {
    return names(field -> !field.secret());
  }

  /** Configuration, the secret part of it included. */
  Set<String> all() {
    return names(field -> true);
  }

  Set<String> secret() {
    return names(ConfigField::secret);
  }

  Set<String> withCredentials(Collection<String> fields) {
    Set<String> known = all();
    fields.forEach(field -> known.add("credentials." + field));
    return known;
  }

  /** What a customer who consents has: no secrets of his own, but the integration's app. */
  Set<String> withApp() {
    Set<String> known = open();
    known.addAll(APP);
    return known;
  }

  static Set<String> app() {
    return Set.copyOf(APP);
  }

  private Set<String> names(java.util.function.Predicate<ConfigField> wanted) {
    return config.entrySet().stream()
        .filter(entry -> wanted.test(entry.getValue()))
        .map(entry -> "connection_config." + entry.getKey())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}

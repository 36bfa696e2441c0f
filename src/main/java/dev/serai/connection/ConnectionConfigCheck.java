package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Provider;
import dev.serai.provider.Provider.ConfigField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds a connection's configuration against what its provider declares. */
public final class ConnectionConfigCheck {
  private ConnectionConfigCheck() {}

  /**
   * @param config what was given, with defaults filled in; undeclared keys are kept
   * @param secretConfig the values of secret fields, which {@code config} does not have any more
   * @param problems empty when a connection may be made with it
   */
  public record Result(ObjectNode config, ObjectNode secretConfig, List<Problem> problems) {

    @Override
    public String toString() {
      return "Result[problems=" + problems + "]";
    }
  }

  /** One wrong field; the message is for the person who filled in the form. */
  public record Problem(String field, String message) {}

  public static Result check(Provider provider, ObjectNode given) {
    return check(provider, given, Set.of());
  }

  /** Before the provider was asked: what it tells itself may be missing still. */
  public static Result before(Provider provider, ObjectNode given) {
    return check(
        provider,
        given,
        provider.told().stream()
            .filter(field -> !given.hasNonNull(field))
            .collect(Collectors.toSet()));
  }

  private static Result check(Provider provider, ObjectNode given, Set<String> later) {
    ObjectNode config = given.deepCopy();
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, ConfigField> entry : provider.config().entrySet()) {
      if (!later.contains(entry.getKey())) {
        check(entry.getKey(), entry.getValue(), config, problems);
      }
    }
    boolean whole =
        later.stream().noneMatch(f -> provider.baseUrl().uses(Set.of("connection_config." + f)));
    if (problems.isEmpty() && whole) {
      try {
        var unused = Rendering.baseUrl(provider, config);
      } catch (IllegalArgumentException e) {
        String field =
            provider.config().keySet().stream()
                .filter(key -> provider.baseUrl().text().contains("connection_config." + key))
                .findFirst()
                .orElse("");
        problems.add(new Problem(field, String.valueOf(e.getMessage())));
      }
    }
    return new Result(config, secrets(provider, config), List.copyOf(problems));
  }

  /** Takes the secret fields out of the configuration. */
  private static ObjectNode secrets(Provider provider, ObjectNode config) {
    ObjectNode secrets = Json.object();
    provider
        .config()
        .forEach((key, field) -> {
          if (field.secret() && config.has(key)) {
            secrets.set(key, config.remove(key));
          }
        });
    return secrets;
  }

  private static void check(
      String key, ConfigField field, ObjectNode config, List<Problem> problems) {
    JsonNode value = config.path(key);
    String usual = field.defaultValue();
    if ((value.isMissingNode() || value.isNull()) && usual != null) {
      config.put(key, usual);
    } else if (value.isMissingNode() || value.isNull()) {
      if (field.required()) {
        problems.add(
            new Problem(key, "%s is required, e.g. %s".formatted(field.title(), field.example())));
      }
    } else if (!value.isValueNode() || !field.pattern().matcher(value.asText()).matches()) {
      problems.add(
          new Problem(
              key,
              field.example().isEmpty()
                  ? field.title() + " does not have the expected form"
                  : "%s must look like %s".formatted(field.title(), field.example())));
    }
  }
}

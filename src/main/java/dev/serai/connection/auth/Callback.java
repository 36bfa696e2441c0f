package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.Origin;
import dev.serai.connection.ProviderWords;
import dev.serai.provider.Provider;
import dev.serai.provider.Provider.ConfigField;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the customer's browser brings back from the provider. */
final class Callback {
  static final String FAILED = "connection_validation_failed";

  /** Where providers put their words. */
  private static final List<String> WORDS =
      List.of("error", "error_description", "error_reason", "error_message", "error_uri");

  private Callback() {}

  /**
   * @param secrets that the provider knows and may repeat: its words go to a page and to whoever
   *     waits for the flow
   * @throws AuthRefused with the provider's words when it sent an error instead
   */
  static String value(
      Provider provider, Map<String, String> callback, String name, List<String> secrets) {
    String value = callback.get(name);
    if (value != null && !value.isEmpty() && !callback.containsKey("error")) {
      return value;
    }
    String said =
        WORDS.stream()
            .flatMap(key -> Stream.ofNullable(callback.get(key)))
            .map(text -> ProviderWords.clean(text, secrets))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(": "));
    throw said.isEmpty()
        ? new AuthRefused(
            FAILED, provider.displayName() + " sent the browser back without a " + name, null)
        : new AuthRefused(FAILED, provider.displayName() + " refused: " + said, said);
  }

  static AuthRefused refused(Refusal refusal) {
    return new AuthRefused(FAILED, refusal.message(), refusal.said());
  }

  /** The fields of the configuration that it tells. */
  static ObjectNode config(Map<String, String> declared, Map<String, String> callback) {
    ObjectNode told = Json.object();
    declared.forEach((field, name) -> {
      String value = callback.get(name);
      if (value != null && !value.isEmpty()) {
        told.put(field, value);
      }
    });
    return told;
  }

  /** A browser may bring anything: what it tells must look as declared. */
  static void check(Provider provider, ObjectNode told) {
    for (String field : List.copyOf(told.propertyStream().map(Map.Entry::getKey).toList())) {
      if (!fits(provider, field, told.path(field).asText())) {
        throw new AuthRefused(
            FAILED,
            Origin.PROVIDER,
            "%s told a %s that does not look like one".formatted(provider.displayName(), field));
      }
    }
  }

  /** Without what does not look as declared. */
  static ObjectNode valid(Provider provider, ObjectNode told) {
    ObjectNode valid = Json.object();
    told.properties()
        .forEach(entry -> {
          if (fits(provider, entry.getKey(), entry.getValue().asText())) {
            valid.set(entry.getKey(), entry.getValue());
          }
        });
    return valid;
  }

  private static boolean fits(Provider provider, String field, String value) {
    ConfigField declared = provider.config().get(field);
    return declared != null && declared.pattern().matcher(value).matches();
  }
}

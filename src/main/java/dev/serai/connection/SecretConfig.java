package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Provider;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A configuration taken apart: what everybody may see, and what is sealed with the credentials.
 *
 * @param open stands in the connection's row
 * @param secret the values of the fields that the provider marks secret
 */
public record SecretConfig(ObjectNode open, ObjectNode secret) {
  public static SecretConfig split(Provider provider, ObjectNode config) {
    ObjectNode open = config.deepCopy();
    ObjectNode secret = open.objectNode();
    fields(provider).stream().filter(open::has).forEach(key -> secret.set(key, open.remove(key)));
    return new SecretConfig(open, secret);
  }

  /** The fields that the provider marks secret. */
  public static Set<String> fields(Provider provider) {
    return provider.config().entrySet().stream()
        .filter(field -> field.getValue().secret())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String toString() {
    return "SecretConfig[" + open + ", secret " + secret.size() + "]";
  }
}

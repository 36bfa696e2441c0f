package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import dev.serai.provider.Provider.ConfigField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that is sealed of a connection, opened: lives only between the vault and the outgoing
 * request. {@code toString} never shows it.
 *
 * @param secretConfig the values of the configuration that the provider marks secret, by field
 * @param generation moves with every change of the credentials, whoever made it
 */
public record Grant(Credentials credentials, ObjectNode secretConfig, long generation) {

  /** With nothing secret beside the credentials, as they were entered. */
  public static Grant of(Credentials credentials) {
    return new Grant(credentials, Json.object(), 0);
  }

  /** Every text in it that nobody else may see, by what the provider declares. */
  public List<String> secrets(Provider provider) {
    Map<String, ConfigField> declared =
        provider.auth(credentials.type()).map(Auth::fields).orElse(Map.of());
    List<String> all = new ArrayList<>(SecretTexts.of(credentials, declared));
    secretConfig.forEach(value -> all.add(value.asText()));
    return all;
  }

  @Override
  public String toString() {
    return "Grant[" + credentials.type() + ", generation " + generation + "]";
  }
}

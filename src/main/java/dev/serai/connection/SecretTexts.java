package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Provider.ConfigField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds the texts of credentials that nobody else may see. Whatever stands in them is secret,
 * unless the provider declares the field as one that is not, or it is known to name something only.
 */
final class SecretTexts {
  /** What every type has, or names and proves nothing. */
  private static final Set<String> ALWAYS_OPEN =
      Set.of("type", "expires_at", "refresh_token_expires_at");

  private static final Set<String> NAMES =
      Set.of(
          "username",
          "client_id",
          "config_override.client_id",
          "client_certificate",
          "installation_id",
          "role_arn",
          "region",
          "service",
          "access_key_id",
          "external_id");

  /** Nobody declares what else a provider puts into its answer: there, the name has to tell. */
  private static final Pattern TOLD =
      Pattern.compile(
          "(?i).*(token|secret|passw|passphrase|private_?key|api_?key|assertion|session|credential|cookie).*|(.*[_.])?(key|pin)");

  private static final Pattern TOLD_OPEN = Pattern.compile("(?i).*(type|_in|_at|url|uri|scope)");

  private SecretTexts() {}

  /**
   * @param declared what the provider says of the fields that a customer enters
   */
  static List<String> of(Credentials credentials, Map<String, ConfigField> declared) {
    ObjectNode json = CredentialJson.write(credentials);
    JsonNode raw = json.remove("raw");
    List<String> all = new ArrayList<>();
    collect(json, "", path -> secret(credentials, path, declared), all);
    if (credentials instanceof Credentials.Basic basic && basic.password().isEmpty()) {
      all.add(basic.username()); // then it is all that proves anything
    }
    if (raw != null) {
      collect(raw, "", SecretTexts::told, all);
    }
    return all.stream().filter(text -> !text.isEmpty()).distinct().toList();
  }

  private static boolean secret(
      Credentials credentials, String path, Map<String, ConfigField> declared) {
    ConfigField field = declared.get(path);
    if (field != null) {
      return field.secret();
    }
    boolean free =
        credentials instanceof Credentials.Jwt || credentials instanceof Credentials.TwoStep;
    return !ALWAYS_OPEN.contains(path) && (free || !NAMES.contains(path));
  }

  private static boolean told(String path) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    return TOLD.matcher(name).matches() && !TOLD_OPEN.matcher(name).matches();
  }

  private static void collect(
      JsonNode node, String path, Predicate<String> secret, List<String> into) {
    if (node.isValueNode()) {
      if (!node.isNull() && !node.isBoolean() && secret.test(path)) {
        into.add(node.asText());
      }
      return;
    }
    node.forEachEntry(
        (name, child) -> collect(child, path.isEmpty() ? name : path + "." + name, secret, into));
    if (node.isArray()) {
      node.forEach(child -> collect(child, path, secret, into));
    }
  }
}

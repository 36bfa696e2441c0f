package dev.serai.provider;

import dev.serai.provider.Provider.ConfigField;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a customer enters to prove himself, as forms show it. */
final class Entries {
  private static final Pattern ANYTHING = Pattern.compile("(?s).*");

  /** Names that every provider of a mode has, and what to say of them if it says nothing. */
  private static final Map<String, ConfigField> USUAL =
      Map.ofEntries(
          usual("apiKey", "API key", "The key for the API, from your account's settings", true),
          usual("username", "User name", "The name you log in with", false),
          usual("password", "Password", "The password you log in with", true),
          usual("client_id", "Client ID", "The ID of the client that you registered", false),
          usual("client_secret", "Client secret", "The secret of that client", true),
          usual("client_private_key", "Private key", "The client's private key, PEM", true),
          optional("client_certificate", "Certificate", "The client's certificate, PEM"),
          usual("token_id", "Token ID", "The ID of the access token that you made", true),
          usual("token_secret", "Token secret", "The secret of that token", true),
          usual("role_arn", "Role ARN", "The role that the integration may take on", false),
          optional("region", "Region", "The region of your resources, e.g. eu-central-1"));

  /** What stands beside the fields where credentials are kept. */
  private static final Set<String> TAKEN =
      Set.of("type", "token", "refresh_token", "expires_at", "refresh_token_expires_at", "raw");

  private Entries() {}

  /** These names, with the texts that the provider declares for them. */
  static Map<String, ConfigField> of(Words auth, String... names) {
    Map<String, ConfigField> fields = new LinkedHashMap<>();
    for (String name : names) {
      ConfigField usual = USUAL.get(name);
      if (usual != null) {
        fields.put(name, usual);
      }
    }
    Words declared = auth.child("fields");
    if (declared != null) {
      declared
          .children()
          .forEach((name, words) -> {
            if (fields.replace(name, field(words)) == null) {
              declared.problem(
                  name,
                  "this kind of credentials has no " + name,
                  "use " + String.join(", ", List.of(names)));
            }
          });
    }
    return Collections.unmodifiableMap(fields);
  }

  /** Whatever the provider declares. */
  static Map<String, ConfigField> free(Words auth) {
    Map<String, ConfigField> fields = new LinkedHashMap<>();
    Words declared = auth.child("fields");
    if (declared != null) {
      declared
          .children()
          .forEach((name, words) -> {
            if (TAKEN.contains(name.replaceAll("\\..*", ""))) {
              declared.problem(
                  name, "credentials have their own " + name, "call the field something else");
            }
            fields.put(name, field(words));
          });
    }
    return Collections.unmodifiableMap(fields);
  }

  private static ConfigField field(Words words) {
    Pattern pattern = words.read("pattern", Pattern::compile, "write a Java regular expression");
    String example = words.text("example", "");
    if (pattern != null && !example.isEmpty() && !pattern.matcher(example).matches()) {
      words.problem("example", "it does not match the pattern", "correct one of the two");
    }
    return new ConfigField(
        words.text("title", ""),
        words.text("description", ""),
        pattern == null ? ANYTHING : pattern,
        example,
        words.flag("required", true),
        words.flag("secret", true),
        words.optional("default"));
  }

  private static Map.Entry<String, ConfigField> usual(
      String name, String title, String description, boolean secret) {
    return Map.entry(name, new ConfigField(title, description, ANYTHING, "", true, secret, null));
  }

  private static Map.Entry<String, ConfigField> optional(
      String name, String title, String description) {
    return Map.entry(name, new ConfigField(title, description, ANYTHING, "", false, false, null));
  }
}

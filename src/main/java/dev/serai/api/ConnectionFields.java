package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Credentials;
import dev.serai.connection.EndUser;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The fields that several connection requests share. */
final class ConnectionFields {
  private static final int MOST_TAGS = 10;
  private static final Pattern TAG = Pattern.compile("^[a-zA-Z][a-zA-Z0-9_\\-./]*$");
  private static final TextRule ID = TextRule.size(1, 255);
  private static final TextRule TAG_VALUE = TextRule.size(1, 255);

  private ConnectionFields() {}

  static Optional<EndUser> endUser(Fields body) {
    return body.nested("end_user")
        .map(user -> {
          String id = user.text("id", ID);
          String name = user.optionalText("display_name", TextRule.size(0, 255)).orElse(null);
          String email = user.optionalText("email", TextRule.EMAIL).orElse(null);
          ObjectNode tags = tags(user, "tags").orElse(null);
          user.close();
          return new EndUser(id, name, email, tags);
        });
  }

  /** {@code {id, display_name?}}, as it is stored. */
  static Optional<ObjectNode> organization(Fields body) {
    return body.nested("organization")
        .map(given -> {
          ObjectNode organization = Json.object().put("id", given.text("id", ID));
          organization.put(
              "display_name",
              given.optionalText("display_name", TextRule.size(0, 255)).orElse(null));
          given.close();
          return organization;
        });
  }

  /** Tags with their keys in lower case. */
  static Optional<ObjectNode> tags(Fields fields, String key) {
    return fields.object(key).map(given -> tags(fields, key, given));
  }

  private static ObjectNode tags(Fields fields, String key, ObjectNode given) {
    ObjectNode tags = Json.object();
    if (given.size() > MOST_TAGS) {
      fields.report("too_big", "Too big: expected at most " + MOST_TAGS + " tags", key);
    }
    given
        .properties()
        .forEach(tag -> {
          String name = tag.getKey().toLowerCase(Locale.ROOT);
          if (name.length() > 64 || !TAG.matcher(name).matches()) {
            fields.report("invalid_format", "Invalid tag key", key, tag.getKey());
          } else if (tags.has(name)) {
            fields.report("custom", "Duplicate tag key", key, tag.getKey());
          }
          tagValue(fields, key, name, tag.getValue());
          tags.set(name, tag.getValue());
        });
    return tags;
  }

  private static void tagValue(Fields fields, String key, String name, JsonNode value) {
    TextRule rule = name.equals("end_user_email") ? TextRule.EMAIL : TAG_VALUE;
    if (!value.isTextual()) {
      fields.report("invalid_type", "Invalid input: expected string", key, name);
    } else {
      rule.check(value.textValue())
          .ifPresent(wrong -> fields.report(wrong.code(), wrong.message(), key, name));
    }
  }

  /**
   * The credentials, if they are of a kind that the provider accepts.
   *
   * @param appId of the integration's own app, where it is one that is installed
   */
  static Credentials credentials(
      Fields body, String provider, List<String> modes, Optional<String> appId) {
    return body.nested("credentials")
        .map(given -> ImportedCredentials.read(given, provider, modes, appId))
        .orElseGet(() -> body.missing("credentials", "object", new Credentials.None()));
  }
}

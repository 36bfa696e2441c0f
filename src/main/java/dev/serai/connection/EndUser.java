package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose connection it is, in the caller's product; told to nobody but the caller.
 *
 * @param organization {@code {id, display_name}}
 */
public record EndUser(
    String id,
    @Nullable String displayName,
    @Nullable String email,
    @Nullable ObjectNode tags,
    @Nullable ObjectNode organization) {

  public EndUser(
      String id, @Nullable String displayName, @Nullable String email, @Nullable ObjectNode tags) {
    this(id, displayName, email, tags, null);
  }

  private static final List<String> GENERATED =
      List.of(
          "end_user_id",
          "end_user_email",
          "end_user_display_name",
          "organization_id",
          "organization_display_name");

  /** {@code {id, display_name, email, tags, organization}}. */
  public ObjectNode json() {
    ObjectNode json =
        Json.object().put("id", id).put("display_name", displayName).put("email", email);
    json.set("tags", tags);
    json.set("organization", organization);
    return json;
  }

  /** The tags that every connection of this end user carries. */
  static ObjectNode generatedTags(@Nullable ObjectNode endUser) {
    ObjectNode tags = Json.object();
    if (endUser != null) {
      JsonNode organization = endUser.path("organization");
      put(tags, "end_user_id", endUser.path("id"));
      put(tags, "end_user_email", endUser.path("email"));
      put(tags, "end_user_display_name", endUser.path("display_name"));
      put(tags, "organization_id", organization.path("id"));
      put(tags, "organization_display_name", organization.path("display_name"));
    }
    return tags;
  }

  /** These tags without what was generated. */
  static ObjectNode ownTags(ObjectNode tags) {
    return tags.deepCopy().remove(GENERATED);
  }

  private static void put(ObjectNode tags, String key, JsonNode value) {
    if (value.isTextual() && !value.textValue().isEmpty()) {
      tags.set(key, value);
    }
  }
}

package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.EndUser;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backend said when it asked for a connect session: whose connections will be made, and what
 * is given for them. Kept sealed; {@code toString} shows nothing.
 *
 * @param json {@code {end_user, organization, tags, webhook_url_override,
 *     integrations_config_defaults, overrides, confirm_account_change}}, each as the contract
 *     writes it and each optional
 */
public record SessionTerms(ObjectNode json) {
  public @Nullable EndUser endUser() {
    JsonNode user = json.path("end_user");
    return user.isObject()
        ? new EndUser(
            user.path("id").asText(),
            user.path("display_name").textValue(),
            user.path("email").textValue(),
            object(user.path("tags")),
            object(json.path("organization")))
        : null;
  }

  /** What the session says about a connection, but for its configuration. */
  public ConnectionChange change(@Nullable ObjectNode config) {
    EndUser user = endUser();
    ObjectNode tags = object(json.path("tags"));
    ObjectNode organization = object(json.path("organization"));
    if (user == null && organization != null) {
      tags = tags == null ? Json.object() : tags.deepCopy();
      tags.put("organization_id", organization.path("id").asText());
    }
    return new ConnectionChange(
        user, tags, null, config, json.path("webhook_url_override").textValue());
  }

  /** Values of the configuration that are set for this integration, whatever the customer says. */
  public ObjectNode config(String integration) {
    ObjectNode config = object(defaults(integration).path("connection_config"));
    ObjectNode own = config == null ? Json.object() : config.deepCopy();
    own.remove("oauth_scopes_override");
    return own;
  }

  /** Parameters of the authorization request; they win over the customer's. */
  public Map<String, String> authorizationParams(String integration) {
    Map<String, String> params = new LinkedHashMap<>();
    defaults(integration)
        .path("authorization_params")
        .properties()
        .forEach(param -> params.put(param.getKey(), param.getValue().asText()));
    return params;
  }

  /** The scopes to ask for; empty: those of the integration. */
  public List<String> scopes(String integration) {
    String scopes = defaults(integration).at("/connection_config/oauth_scopes_override").asText("");
    if (scopes.isBlank()) {
      scopes = defaults(integration).path("user_scopes").asText("");
    }
    return list(scopes);
  }

  /** Comma-separated, as the contract writes scopes. */
  public static List<String> list(String scopes) {
    return Arrays.stream(scopes.split("[,\\s]+")).filter(scope -> !scope.isEmpty()).toList();
  }

  /** Whether a reconnect may bring another account; empty: the backend left it to the customer. */
  Optional<Boolean> accountMayChange() {
    return Optional.of(json.path("confirm_account_change"))
        .filter(JsonNode::isBoolean)
        .map(JsonNode::booleanValue);
  }

  private JsonNode defaults(String integration) {
    return json.path("integrations_config_defaults").path(integration);
  }

  private static @Nullable ObjectNode object(JsonNode node) {
    return node instanceof ObjectNode object ? object : null;
  }

  @Override
  public String toString() {
    return "SessionTerms[hidden]";
  }
}

package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.EndUser;
import dev.serai.connection.connect.SessionTerms;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The fields that both kinds of connect sessions share. */
final class SessionFields {
  private static final TextRule URL = TextRule.matching("^https?://\\S+$", 2_048);
  private static final TextRule SCOPES = TextRule.size(0, 4_096);

  private SessionFields() {}

  /**
   * @param exists whether there is an integration of this unique key
   */
  static SessionTerms terms(Fields body, WebhookTargets webhooks, Predicate<String> exists) {
    ObjectNode terms = Json.object();
    Optional<EndUser> user = ConnectionFields.endUser(body);
    user.map(EndUser::json)
        .ifPresent(json -> terms.set("end_user", json.remove(java.util.List.of("organization"))));
    ConnectionFields.organization(body).ifPresent(json -> terms.set("organization", json));
    ConnectionFields.tags(body, "tags").ifPresent(tags -> terms.set("tags", tags));
    webhooks
        .read(body, "webhook_url_override")
        .ifPresent(url -> terms.put("webhook_url_override", url));
    each(body, "integrations_config_defaults", exists, SessionFields::defaults)
        .ifPresent(json -> terms.set("integrations_config_defaults", json));
    each(body, "overrides", exists, SessionFields::overrides)
        .ifPresent(json -> terms.set("overrides", json));
    return new SessionTerms(terms);
  }

  /** An object by unique key of integrations that exist, each strict. */
  private static Optional<ObjectNode> each(
      Fields body, String key, Predicate<String> exists, Consumer<Fields> strict) {
    Optional<ObjectNode> given = body.object(key);
    body.nested(key)
        .ifPresent(all -> {
          for (String integration : all.keys()) {
            if (!exists.test(integration)) {
              all.report("custom", "Integration does not exist", integration);
            }
            all.nested(integration)
                .ifPresent(one -> {
                  strict.accept(one);
                  one.close();
                });
          }
        });
    return given;
  }

  private static void defaults(Fields one) {
    var unused = one.optionalText("user_scopes", SCOPES);
    one.object("authorization_params").ifPresent(params -> texts(one, params));
    one.object("connection_config")
        .map(config -> config.path("oauth_scopes_override"))
        .filter(scopes -> !scopes.isMissingNode() && !scopes.isTextual())
        .ifPresent(scopes ->
            one.report(
                "invalid_type",
                "Invalid input: expected string",
                "connection_config",
                "oauth_scopes_override"));
  }

  private static void texts(Fields one, ObjectNode params) {
    params
        .properties()
        .forEach(param -> {
          JsonNode value = param.getValue();
          if (!value.isValueNode() || value.isNull()) {
            one.report(
                "invalid_type",
                "Invalid input: expected string",
                "authorization_params",
                param.getKey());
          }
        });
  }

  private static void overrides(Fields one) {
    var unused = one.optionalText("docs_connect", URL);
  }
}

package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Auth;
import dev.serai.provider.Provider;
import dev.serai.provider.Provider.ConfigField;
import java.util.List;
import java.util.Map;

/**
 * What {@code GET /providers} tells of a provider: enough to draw the forms for connecting. {@code
 * credentials} has one object of fields per auth mode; it is empty where the customer consents at
 * the provider.
 */
final class ProviderFacts {
  private static final String ANYTHING = "(?s).*";

  private ProviderFacts() {}

  static ObjectNode of(Provider provider, List<Auth> ways) {
    ObjectNode shown = Json.object();
    provider.categories().forEach(shown.putArray("categories")::add);
    shown.put("docs", provider.docs());
    ways.forEach(way -> shown.withArray("/auth_modes").add(way.credentials()));
    ObjectNode credentials = shown.putObject("credentials");
    for (Auth way : ways) {
      fields(credentials.putObject(way.credentials()), way.fields());
      addresses(shown, way);
    }
    ObjectNode config = shown.putObject("connection_config");
    fields(config, provider.config());
    // Forms need not ask for what the provider itself tells.
    provider.told().forEach(field -> config.withObject("/" + field).put("told_by_provider", true));
    return shown;
  }

  private static void fields(ObjectNode into, Map<String, ConfigField> fields) {
    fields.forEach((name, field) -> {
      ObjectNode json = into.putObject(name).put("type", "string");
      json.put("title", field.title()).put("description", field.description());
      if (!field.example().isEmpty()) {
        json.put("example", field.example());
      }
      if (!field.pattern().pattern().equals(ANYTHING)) {
        json.put("pattern", field.pattern().pattern());
      }
      if (field.defaultValue() != null) {
        json.put("default", field.defaultValue());
      }
      json.put("secret", field.secret()).put("optional", !field.required());
    });
  }

  /** The templates as the file spells them, and what is asked for by default. */
  private static void addresses(ObjectNode shown, Auth way) {
    switch (way) {
      case Auth.OAuth2Code auth -> {
        shown.put("authorization_url", auth.authorizeUrl().text());
        shown.put("token_url", auth.token().url().text());
        auth.scopes().forEach(shown.putArray("default_scopes")::add);
      }
      case Auth.OAuth1 auth -> {
        shown.put("authorization_url", auth.authorizeUrl().text());
        shown.put("request_url", auth.requestUrl().text());
        shown.put("token_url", auth.tokenUrl().text());
      }
      case Auth.AppInstall auth -> {
        shown.put("installation_url", auth.installUrl().text());
        shown.put("token_url", auth.token().url().text());
      }
      case Auth.OAuth2Client auth -> {
        shown.put("token_url", auth.token().url().text());
        auth.scopes().forEach(shown.putArray("default_scopes")::add);
      }
      default -> {}
    }
  }
}

package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.IntegrationSecrets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An integration's own app at the provider, as the wire writes and shows it. */
final class IntegrationCredentials {
  /** Modes whose app is a client with an id and a secret. */
  private static final Set<String> CLIENTS = Set.of("OAUTH2", "OAUTH1", "TBA", "AWS_SIGV4");

  private static final String INCOMPATIBLE = "incompatible credentials auth type and provider auth";
  private static final TextRule ID = TextRule.size(1, 255);
  private static final TextRule KEY =
      TextRule.matching(
          "^\\s*-----BEGIN (RSA )?PRIVATE KEY-----[\\s\\S]+-----END (RSA )?PRIVATE KEY-----\\s*$",
          16_384);

  private IntegrationCredentials() {}

  /** Whether connections can be made by this mode only with an app of the integration's own. */
  static boolean needed(List<String> modes) {
    return modes.stream().allMatch(mode -> CLIENTS.contains(mode) || mode.equals("APP"));
  }

  /**
   * Reads {@code credentials} and {@code webhook_secret}.
   *
   * @param modes the wire names of the provider's auth modes
   */
  static IntegrationSecrets read(Fields body, List<String> modes) {
    Optional<String> webhookSecret = body.optionalText("webhook_secret", ID);
    Optional<Fields> given = body.nested("credentials");
    if (given.isEmpty()) {
      return new IntegrationSecrets(null, webhookSecret.orElse(null));
    }
    Fields fields = given.get();
    String type = fields.text("type", TextRule.ANY);
    IntegrationSecrets secrets =
        switch (type) {
          case "OAUTH1", "OAUTH2", "TBA", "AWS_SIGV4" -> client(fields, webhookSecret.orElse(null));
          case "APP" -> installed(fields, webhookSecret.orElse(null));
          // Two kinds of app in one: no provider's file can declare that.
          case "CUSTOM" -> {
            fields.keys().forEach(fields::expect);
            body.report("custom", INCOMPATIBLE, "credentials");
            yield IntegrationSecrets.UNCHANGED;
          }
          default -> {
            fields.keys().forEach(fields::expect);
            fields.report("invalid_union", "Invalid discriminator value", "type");
            yield IntegrationSecrets.UNCHANGED;
          }
        };
    if (secrets.app() != null && !modes.contains(type)) {
      body.report("custom", INCOMPATIBLE, "credentials");
    }
    fields.close();
    return secrets;
  }

  private static IntegrationSecrets client(Fields fields, @Nullable String webhookSecret) {
    App app =
        new App(
            fields.text("client_id", ID),
            fields.text("client_secret", ID),
            scopes(fields),
            null,
            null,
            null);
    return new IntegrationSecrets(
        app, fields.optionalText("webhook_secret", ID).orElse(webhookSecret));
  }

  private static IntegrationSecrets installed(Fields fields, @Nullable String webhookSecret) {
    // An app that lets customers prove whose an installation is, is a client besides.
    Optional<String> clientId = fields.optionalText("client_id", ID);
    Optional<String> clientSecret = fields.optionalText("client_secret", ID);
    if (clientId.isPresent() != clientSecret.isPresent()) {
      String missing = clientId.isPresent() ? "client_secret" : "client_id";
      fields.report("custom", "Both of a client are needed, its ID and its secret", missing);
    }
    App app =
        new App(
            clientId.orElse(null),
            clientSecret.orElse(null),
            List.of(),
            fields.text("app_id", ID),
            fields.text("app_link", ID),
            fields.text("private_key", KEY));
    return new IntegrationSecrets(
        app, fields.optionalText("webhook_secret", ID).orElse(webhookSecret));
  }

  /** Separated by commas, as the wire has them, whatever the provider wants between them. */
  private static List<String> scopes(Fields fields) {
    String text = fields.optionalText("scopes", TextRule.size(0, 10_000)).orElse("");
    if (text.contains(" ")) {
      fields.report("invalid_format", "Separate scopes by commas, without spaces", "scopes");
    }
    return text.isEmpty() ? List.of() : List.of(text.split(",+"));
  }

  /** Null for providers whose integrations have no app. */
  static @Nullable ObjectNode shown(App app, Optional<String> webhookSecret, List<String> modes) {
    if (modes.contains("APP")) {
      ObjectNode shown =
          Json.object()
              .put("type", "APP")
              .put("app_id", app.appId())
              .put("app_link", app.appLink())
              .put("private_key", app.privateKey())
              .put("webhook_secret", webhookSecret.orElse(null));
      return app.clientId() == null
          ? shown
          : shown.put("client_id", app.clientId()).put("client_secret", app.clientSecret());
    }
    return modes.stream()
        .filter(CLIENTS::contains)
        .findFirst()
        .map(type ->
            Json.object()
                .put("type", type)
                .put("client_id", app.clientId())
                .put("client_secret", app.clientSecret())
                .put("scopes", app.scopes().isEmpty() ? null : String.join(",", app.scopes()))
                .put("webhook_secret", webhookSecret.orElse(null)))
        .orElse(null);
  }
}

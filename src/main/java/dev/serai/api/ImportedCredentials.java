package dev.serai.api;

import dev.serai.Json;
import dev.serai.connection.Credentials;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The credentials that {@code POST /connections} takes in, one object per type. */
final class ImportedCredentials {
  /** Types that cannot be imported: they are entered, so that we see that they work. */
  private static final Set<String> NEVER =
      Set.of("CUSTOM", "BILL", "SIGNATURE", "JWT", "TWO_STEP", "AWS_SIGV4");

  private static final Set<String> IMPORTED =
      Set.of("API_KEY", "BASIC", "NONE", "OAUTH2", "OAUTH2_CC", "OAUTH1", "TBA", "APP");

  private static final TextRule TOKEN = TextRule.size(1, 16_384);
  private static final TextRule TEXT = TextRule.size(1, 1024);
  private static final TextRule INSTALLATION = TextRule.matching("^[A-Za-z0-9_-]+$", 64);
  private static final TextRule MAY_BE_EMPTY = TextRule.size(0, 1024);

  private ImportedCredentials() {}

  /**
   * @param modes what the provider accepts
   * @param appId of the integration's own app, where it is one that is installed
   */
  static Credentials read(
      Fields given, String provider, List<String> modes, Optional<String> appId) {
    String type = given.text("type", TextRule.ANY);
    boolean known = IMPORTED.contains(type) || NEVER.contains(type);
    if (known && (NEVER.contains(type) || !modes.contains(type))) {
      given.keys().forEach(given::expect);
      given.report("custom", "Provider " + provider + " does not support " + type + " auth");
    } else if (!known && !type.isEmpty()) {
      given.report("invalid_union", "Invalid discriminator value", "type");
    }
    Credentials credentials =
        NEVER.contains(type) ? new Credentials.None() : read(given, type, appId);
    given.close();
    return credentials;
  }

  private static Credentials read(Fields given, String type, Optional<String> appId) {
    return switch (type) {
      case "API_KEY" -> new Credentials.ApiKey(given.text("apiKey", TextRule.API_KEY));
      case "BASIC" ->
          new Credentials.Basic(
              given.text("username", MAY_BE_EMPTY), given.text("password", MAY_BE_EMPTY));
      case "OAUTH2" -> oauth2(given);
      case "OAUTH2_CC" -> client(given);
      case "OAUTH1" ->
          new Credentials.OAuth1(
              given.text("oauth_token", TOKEN),
              given.text("oauth_token_secret", TOKEN),
              Json.object());
      case "TBA" -> {
        Own own = own(given);
        yield new Credentials.Tba(
            given.text("token_id", TEXT), given.text("token_secret", TEXT), own.id, own.secret);
      }
      case "APP" -> installation(given, appId);
      default -> new Credentials.None();
    };
  }

  private static Credentials client(Fields given) {
    String secret = optional(given, "client_secret");
    String key = optional(given, "client_private_key");
    if (secret == null && key == null) {
      given.report("custom", "A client_secret or a client_private_key is needed", "client_secret");
    }
    return new Credentials.OAuth2Client(
        given.text("client_id", TEXT),
        secret,
        optional(given, "client_certificate"),
        key,
        given.text("token", TOKEN),
        end(given),
        Json.object());
  }

  /** Without a token: one is got by the integration's own app, which proves that it works. */
  private static Credentials installation(Fields given, Optional<String> appId) {
    String app = given.text("app_id", TEXT);
    if (!app.isEmpty() && !appId.filter(app::equals).isPresent()) {
      given.report("custom", "This is not the ID of the integration's own app", "app_id");
    }
    String installation = given.text("installation_id", INSTALLATION);
    return new Credentials.AppInstallation(installation, "", null, Json.object());
  }

  private static Credentials oauth2(Fields given) {
    Own own = own(given);
    return new Credentials.OAuth2(
        given.text("access_token", TOKEN),
        optional(given, "refresh_token"),
        end(given),
        own.id,
        own.secret,
        Json.object());
  }

  /** The customer's own app instead of the integration's: both of it or nothing. */
  private record Own(@Nullable String id, @Nullable String secret) {

    @Override
    public String toString() {
      return "Own[id=" + id + "]";
    }
  }

  private static Own own(Fields given) {
    return given
        .nested("config_override")
        .map(fields -> {
          Own own = new Own(fields.text("client_id", TEXT), fields.text("client_secret", TEXT));
          fields.close();
          return own;
        })
        .orElseGet(() -> new Own(null, null));
  }

  private static @Nullable String optional(Fields given, String key) {
    return given.optionalText(key, TOKEN).orElse(null);
  }

  private static @Nullable Instant end(Fields given) {
    Optional<String> text = given.optionalText("expires_at", TextRule.ANY);
    try {
      return text.map(OffsetDateTime::parse).map(OffsetDateTime::toInstant).orElse(null);
    } catch (DateTimeParseException e) {
      given.report("invalid_format", "Invalid ISO datetime", "expires_at");
      return null;
    }
  }
}

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
  private static final TextRule MAY_BE_EMPTY = TextRule.size(0, 1024);

  private ImportedCredentials() {}

  /**
   * @param modes what the provider accepts
   */
  static Credentials read(Fields given, String provider, List<String> modes) {
    String type = given.text("type", TextRule.ANY);
    boolean known = IMPORTED.contains(type) || NEVER.contains(type);
    if (known && (NEVER.contains(type) || !modes.contains(type))) {
      given.keys().forEach(given::expect);
      given.report("custom", "Provider " + provider + " does not support " + type + " auth");
    } else if (!known && !type.isEmpty()) {
      given.report("invalid_union", "Invalid discriminator value", "type");
    }
    Credentials credentials = NEVER.contains(type) ? new Credentials.None() : read(given, type);
    given.close();
    return credentials;
  }

  private static Credentials read(Fields given, String type) {
    return switch (type) {
      case "API_KEY" -> new Credentials.ApiKey(given.text("apiKey", TextRule.API_KEY));
      case "BASIC" ->
          new Credentials.Basic(
              given.text("username", MAY_BE_EMPTY), given.text("password", MAY_BE_EMPTY));
      case "OAUTH2" -> oauth2(given);
      case "OAUTH2_CC" ->
          new Credentials.OAuth2Client(
              given.text("client_id", TEXT),
              optional(given, "client_secret"),
              optional(given, "client_certificate"),
              optional(given, "client_private_key"),
              given.text("token", TOKEN),
              end(given),
              Json.object());
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
      case "APP" -> {
        given.text("app_id", TEXT);
        // Over already: the first use gets a token, with the key of the integration's app.
        yield new Credentials.AppInstallation(
            given.text("installation_id", TEXT), "", Instant.EPOCH, Json.object());
      }
      default -> new Credentials.None();
    };
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

  /** The customer's own app instead of the integration's. */
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
          Own own = new Own(optional(fields, "client_id"), optional(fields, "client_secret"));
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

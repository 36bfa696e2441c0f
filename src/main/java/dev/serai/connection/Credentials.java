package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a connection proves itself with, unsealed: lives only between the vault and the outgoing
 * request. {@code toString} never shows it.
 */
public sealed interface Credentials {
  /** The wire name of the auth mode: {@code OAUTH2}, {@code API_KEY}, … */
  String type();

  /** When the token in it ends; null: never, or nobody said. */
  default @Nullable Instant expiresAt() {
    return null;
  }

  /** When the refresh token in it ends, used or not; null: never, or nobody said. */
  default @Nullable Instant refreshTokenExpiresAt() {
    return null;
  }

  record None() implements Credentials {
    @Override
    public String type() {
      return "NONE";
    }
  }

  record ApiKey(String apiKey) implements Credentials {
    @Override
    public String type() {
      return "API_KEY";
    }

    @Override
    public String toString() {
      return "ApiKey[hidden]";
    }
  }

  record Basic(String username, String password) implements Credentials {
    @Override
    public String type() {
      return "BASIC";
    }

    @Override
    public String toString() {
      return "Basic[hidden]";
    }
  }

  /**
   * What a customer consented to (RFC 6749, authorization code).
   *
   * @param clientId the customer's own app instead of the integration's; both or none
   * @param raw the whole token response
   */
  record OAuth2(
      String accessToken,
      @Nullable String refreshToken,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshTokenExpiresAt,
      @Nullable String clientId,
      @Nullable String clientSecret,
      ObjectNode raw)
      implements Credentials {
    /** With a refresh token of which nobody said when it ends. */
    public OAuth2(
        String accessToken,
        @Nullable String refreshToken,
        @Nullable Instant expiresAt,
        @Nullable String clientId,
        @Nullable String clientSecret,
        ObjectNode raw) {
      this(accessToken, refreshToken, expiresAt, null, clientId, clientSecret, raw);
    }

    @Override
    public String type() {
      return "OAUTH2";
    }

    @Override
    public String toString() {
      return "OAuth2[hidden]";
    }
  }

  /** A client that acts for itself (RFC 6749, client credentials), by secret or private key. */
  record OAuth2Client(
      String clientId,
      @Nullable String clientSecret,
      @Nullable String certificate,
      @Nullable String privateKey,
      String token,
      @Nullable Instant expiresAt,
      ObjectNode raw)
      implements Credentials {
    @Override
    public String type() {
      return "OAUTH2_CC";
    }

    @Override
    public String toString() {
      return "OAuth2Client[hidden]";
    }
  }

  /**
   * RFC 5849.
   *
   * @param clientId the customer's own app, which the token belongs to, with {@code clientSecret};
   *     null: the integration's
   */
  record OAuth1(
      String token,
      String tokenSecret,
      @Nullable String clientId,
      @Nullable String clientSecret,
      ObjectNode raw)
      implements Credentials {
    /** Of the integration's app. */
    public OAuth1(String token, String tokenSecret, ObjectNode raw) {
      this(token, tokenSecret, null, null, raw);
    }

    @Override
    public String type() {
      return "OAUTH1";
    }

    @Override
    public String toString() {
      return "OAuth1[hidden]";
    }
  }

  /** Token-based authentication: OAuth 1.0a with tokens that the customer made himself. */
  record Tba(
      String tokenId, String tokenSecret, @Nullable String clientId, @Nullable String clientSecret)
      implements Credentials {
    @Override
    public String type() {
      return "TBA";
    }

    @Override
    public String toString() {
      return "Tba[hidden]";
    }
  }

  /**
   * A token that Serai signs itself.
   *
   * @param inputs what the customer entered, e.g. {@code privateKeyId}, {@code issuerId}, {@code
   *     privateKey}
   */
  record Jwt(ObjectNode inputs, String token, @Nullable Instant expiresAt) implements Credentials {
    @Override
    public String type() {
      return "JWT";
    }

    @Override
    public String toString() {
      return "Jwt[hidden]";
    }
  }

  /** A token exchanged for what the customer entered, in one or more steps. */
  record TwoStep(
      ObjectNode inputs,
      String token,
      @Nullable String refreshToken,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshTokenExpiresAt,
      ObjectNode raw)
      implements Credentials {
    /** With a refresh token of which nobody said when it ends. */
    public TwoStep(
        ObjectNode inputs,
        String token,
        @Nullable String refreshToken,
        @Nullable Instant expiresAt,
        ObjectNode raw) {
      this(inputs, token, refreshToken, expiresAt, null, raw);
    }

    @Override
    public String type() {
      return "TWO_STEP";
    }

    @Override
    public String toString() {
      return "TwoStep[hidden]";
    }
  }

  /** The installation of an app, GitHub style: short tokens for an app's own signature. */
  record AppInstallation(
      String installationId, String accessToken, @Nullable Instant expiresAt, ObjectNode raw)
      implements Credentials {
    @Override
    public String type() {
      return "APP";
    }

    @Override
    public String toString() {
      return "AppInstallation[hidden]";
    }
  }

  /** A user name and password that sign each request (WSSE). */
  record Signature(String username, String password) implements Credentials {
    @Override
    public String type() {
      return "SIGNATURE";
    }

    @Override
    public String toString() {
      return "Signature[hidden]";
    }
  }

  /**
   * Temporary keys of a role that the customer lets the integration take on.
   *
   * @param service what they were got to sign for; empty before there were any
   * @param raw what the provider gave them in
   */
  record AwsRole(
      String roleArn,
      String region,
      String accessKeyId,
      String secretAccessKey,
      String sessionToken,
      @Nullable Instant expiresAt,
      @Nullable String externalId,
      String service,
      ObjectNode raw)
      implements Credentials {

    /** A role that nobody has taken on yet. */
    public static AwsRole entered(String roleArn, String region, @Nullable String externalId) {
      return new AwsRole(roleArn, region, "", "", "", null, externalId, "", Json.object());
    }

    @Override
    public String type() {
      return "AWS_SIGV4";
    }

    @Override
    public String toString() {
      return "AwsRole[hidden]";
    }
  }
}

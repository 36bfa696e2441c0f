package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Provider.ConfigField;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How requests prove whose they are, one case per mode. Templates in it are checked: the names
 * {@code connection_config.x}, {@code credentials.x}, {@code app.x} and {@code step.x} in them are
 * known to have a value.
 */
public sealed interface Auth {
  /** The wire name of the credentials that a connection must bring: {@code API_KEY}, … */
  String credentials();

  /** What a form asks the customer for, by name; empty where he consents at the provider. */
  default Map<String, ConfigField> fields() {
    return Map.of();
  }

  /** When its tokens are renewed, and what the provider's refusals mean. */
  default Renewing renewing() {
    return Renewing.USUAL;
  }

  /**
   * @param schedule when; see {@link Provider.Renewing}
   * @param rotates each use of a refresh token replaces it, so that it may be used only once
   * @param revoked further codes, beside {@code invalid_grant}, for a grant that was withdrawn
   * @param expired codes for a refresh token whose time is over
   * @param misconfigured further codes, beside {@code invalid_client}, for a wrong app
   */
  record Renewing(
      Provider.Renewing schedule,
      boolean rotates,
      Set<String> revoked,
      Set<String> expired,
      Set<String> misconfigured) {
    public static final Renewing USUAL =
        new Renewing(Provider.Renewing.USUAL, true, Set.of(), Set.of(), Set.of());
  }

  /**
   * Where a token goes in a request.
   *
   * @param inQuery else in a header
   * @param prefix in front of the token, e.g. {@code "Bearer "}
   */
  record Place(boolean inQuery, String name, String prefix) {
    public static final Place BEARER = new Place(false, "Authorization", "Bearer ");
  }

  /**
   * Where a provider's answer says what. Expressions on its JSON body.
   *
   * @param expiresIn seconds from now
   * @param expiresAt a time in ISO 8601, or seconds or milliseconds since 1970
   * @param error the provider's code for a refusal, {@code errorText} its words
   * @param account who it is at the provider
   * @param config values for the connection's configuration, by field
   */
  record Answer(
      Jslt token,
      Jslt refreshToken,
      Jslt expiresIn,
      @Nullable Jslt expiresAt,
      Jslt error,
      Jslt errorText,
      @Nullable Jslt account,
      Map<String, Jslt> config) {}

  /** How a client proves itself to a token endpoint. */
  enum ClientAuth {
    BODY,
    BASIC,
    PRIVATE_KEY_JWT
  }

  /**
   * A token endpoint.
   *
   * @param json the request's body is JSON instead of a form
   */
  record Endpoint(Template url, ClientAuth client, boolean json, Map<String, Template> headers) {}

  record None() implements Auth {
    @Override
    public String credentials() {
      return "NONE";
    }
  }

  /**
   * @param inQuery else in a header
   * @param name of the header or parameter
   * @param prefix in front of the key, e.g. {@code "Bearer "}
   */
  record ApiKey(boolean inQuery, String name, String prefix, Map<String, ConfigField> fields)
      implements Auth {
    @Override
    public String credentials() {
      return "API_KEY";
    }
  }

  /**
   * @param credentials {@code BASIC}, or {@code API_KEY} where one key stands for both
   * @param username null: as the customer entered it
   */
  record Basic(
      String credentials,
      @Nullable Template username,
      @Nullable Template password,
      Map<String, ConfigField> fields)
      implements Auth {}

  /**
   * OAuth 2 authorization code (RFC 6749 §4.1) with PKCE (RFC 7636).
   *
   * @param refreshUrl null: the token URL
   * @param scopes asked for unless the integration names others
   * @param codeParam what the callback calls the code
   * @param callback fields of the configuration that the callback tells, by their name there
   */
  record OAuth2Code(
      Template authorizeUrl,
      Endpoint token,
      @Nullable Template refreshUrl,
      boolean pkce,
      List<String> scopes,
      String scopeSeparator,
      Map<String, Template> authorizeParams,
      Map<String, Template> tokenParams,
      Map<String, Template> refreshParams,
      String codeParam,
      Map<String, String> callback,
      Answer answer,
      Place place,
      Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "OAUTH2";
    }
  }

  /**
   * OAuth 2 client credentials (RFC 6749 §4.4); a private key signs an assertion (RFC 7523).
   *
   * @param assertion null unless the client proves itself by one
   */
  record OAuth2Client(
      Endpoint token,
      List<String> scopes,
      String scopeSeparator,
      Map<String, Template> tokenParams,
      @Nullable Assertion assertion,
      Answer answer,
      Place place,
      Map<String, ConfigField> fields,
      Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "OAUTH2_CC";
    }
  }

  /**
   * @param audience null: the token URL
   * @param thumbprint the header names the certificate by {@code x5t} or {@code x5t#S256}
   */
  record Assertion(
      @Nullable Template audience, String algorithm, Duration lifetime, String thumbprint) {}

  /**
   * OAuth 1.0a with consent (RFC 5849).
   *
   * @param signature {@code HMAC-SHA1}, {@code HMAC-SHA256} or {@code PLAINTEXT}
   */
  record OAuth1(
      Template requestUrl,
      Template authorizeUrl,
      Template tokenUrl,
      String signature,
      Map<String, Template> requestParams,
      Map<String, Template> authorizeParams,
      Map<String, String> callback,
      Answer answer,
      @Nullable Template realm)
      implements Auth {
    @Override
    public String credentials() {
      return "OAUTH1";
    }
  }

  /** OAuth 1.0a with tokens that the customer made himself. */
  record Tba(String signature, @Nullable Template realm, Map<String, ConfigField> fields)
      implements Auth {
    @Override
    public String credentials() {
      return "TBA";
    }
  }

  /**
   * How a token is signed.
   *
   * @param key what signs; {@code encoding} says how it is written: {@code pem} for RS, PS and ES,
   *     {@code text}, {@code hex} or {@code base64} for HS
   * @param header further members of the header, {@code claims} all but {@code iat} and {@code exp}
   */
  record Signed(
      String algorithm,
      Template key,
      String encoding,
      @Nullable Template keyId,
      JsonNode header,
      JsonNode claims,
      Duration lifetime) {}

  /** A token that Serai signs with the customer's key. */
  record Jwt(Signed signed, Place place, Map<String, ConfigField> fields, Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "JWT";
    }
  }

  /**
   * One request of an exchange.
   *
   * @param body JSON whose texts are templates, or a form's fields; null: none
   * @param take what later steps use as {@code step.<name>}
   */
  record Step(
      String method,
      Template url,
      Map<String, Template> headers,
      @Nullable JsonNode body,
      boolean form,
      Map<String, Jslt> take) {}

  /**
   * A token in exchange for what the customer entered.
   *
   * @param steps in order; the last answer carries the token
   * @param refresh how a refresh token is used; null: the steps are made again
   */
  record TwoStep(
      List<Step> steps,
      @Nullable Step refresh,
      Answer answer,
      Place place,
      Map<String, ConfigField> fields,
      Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "TWO_STEP";
    }
  }

  /** An app that is installed, GitHub style: its own signature buys short tokens. */
  record AppInstall(
      Template installUrl,
      Endpoint token,
      Map<String, Template> tokenParams,
      Signed signed,
      Map<String, String> callback,
      Answer answer,
      Place place,
      Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "APP";
    }
  }

  /**
   * WSSE UsernameToken: each request carries a digest of the password.
   *
   * @param hexDigest the digest is written in hex before Base64, as some vendors do
   */
  record Signature(boolean hexDigest, Map<String, ConfigField> fields) implements Auth {
    @Override
    public String credentials() {
      return "SIGNATURE";
    }
  }

  /** AWS Signature Version 4 with the temporary keys of a role. */
  record AwsSigV4(
      Template service,
      @Nullable Template region,
      Template stsUrl,
      Duration lifetime,
      Map<String, ConfigField> fields,
      Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "AWS_SIGV4";
    }
  }
}

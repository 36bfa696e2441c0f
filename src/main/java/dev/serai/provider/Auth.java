package dev.serai.provider;

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

  /** Whether the customer agrees on a page of the provider, in a popup. */
  default boolean consents() {
    return this instanceof OAuth2Code || this instanceof OAuth1 || this instanceof AppInstall;
  }

  /** Fields of the configuration that the customer's browser brings back from the provider. */
  default Map<String, String> callback() {
    return Map.of();
  }

  /** Fields of the configuration that the provider itself tells, so that nobody need be asked. */
  default Set<String> told() {
    return Set.of();
  }

  /** When its tokens are renewed, and what the provider's refusals mean. */
  default Tokens.Renewing renewing() {
    return Tokens.Renewing.USUAL;
  }

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
      Tokens.Endpoint token,
      @Nullable Template refreshUrl,
      boolean pkce,
      List<String> scopes,
      String scopeSeparator,
      Map<String, Template> authorizeParams,
      Map<String, Template> tokenParams,
      Map<String, Template> refreshParams,
      String codeParam,
      Map<String, String> callback,
      Tokens.Answer answer,
      Tokens.Place place,
      Tokens.Renewing renewing)
      implements Auth {
    @Override
    public Set<String> told() {
      return answer.told(callback);
    }

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
      Tokens.Endpoint token,
      List<String> scopes,
      String scopeSeparator,
      Map<String, Template> tokenParams,
      Tokens.@Nullable Assertion assertion,
      Tokens.Answer answer,
      Tokens.Place place,
      Map<String, ConfigField> fields,
      Tokens.Renewing renewing)
      implements Auth {
    @Override
    public Set<String> told() {
      return answer.told(Map.of());
    }

    @Override
    public String credentials() {
      return "OAUTH2_CC";
    }
  }

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
      Tokens.Answer answer,
      @Nullable Template realm)
      implements Auth {
    @Override
    public Set<String> told() {
      return answer.told(callback);
    }

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

  /** A token that Serai signs with the customer's key. */
  record Jwt(
      Tokens.Signed signed,
      Tokens.Place place,
      Map<String, ConfigField> fields,
      Tokens.Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "JWT";
    }
  }

  /**
   * A token in exchange for what the customer entered.
   *
   * @param steps in order; the last answer carries the token
   * @param refresh how a refresh token is used; null: the steps are made again
   */
  record TwoStep(
      List<Tokens.Step> steps,
      Tokens.@Nullable Step refresh,
      Tokens.Answer answer,
      Tokens.Place place,
      Map<String, ConfigField> fields,
      Tokens.Renewing renewing)
      implements Auth {
    @Override
    public Set<String> told() {
      return answer.told(Map.of());
    }

    @Override
    public String credentials() {
      return "TWO_STEP";
    }
  }

  /**
   * An app that is installed, GitHub style: its own signature buys short tokens.
   *
   * @param prove null: whose an installation is, is not known
   */
  record AppInstall(
      Template installUrl,
      Tokens.@Nullable Ownership prove,
      Tokens.Endpoint token,
      Map<String, Template> tokenParams,
      Tokens.Signed signed,
      Map<String, String> callback,
      Tokens.Answer answer,
      Tokens.Place place,
      Tokens.Renewing renewing)
      implements Auth {
    @Override
    public Set<String> told() {
      return answer.told(callback);
    }

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
      Tokens.Renewing renewing)
      implements Auth {
    @Override
    public String credentials() {
      return "AWS_SIGV4";
    }
  }
}

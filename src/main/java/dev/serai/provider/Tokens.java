package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How tokens are asked for, signed, sent and renewed: what several modes of {@link Auth} share. */
public final class Tokens {
  private Tokens() {}

  /**
   * @param schedule when; see {@link Provider.Renewing}
   * @param rotates each use of a refresh token replaces it, so that it may be used only once
   * @param revoked further codes, beside {@code invalid_grant}, for a grant that was withdrawn
   * @param expired codes for a refresh token whose time is over
   * @param misconfigured further codes, beside {@code invalid_client}, for a wrong app
   */
  public record Renewing(
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
  public record Place(boolean inQuery, String name, String prefix) {
    public static final Place BEARER = new Place(false, "Authorization", "Bearer ");
  }

  /**
   * Where a provider's answer says what. Expressions on its JSON body.
   *
   * @param expiresIn seconds from now
   * @param expiresAt a time in ISO 8601, or seconds or milliseconds since 1970
   * @param refreshExpiresIn seconds from now until the refresh token ends
   * @param error the provider's code for a refusal, {@code errorText} its words
   * @param account who it is at the provider
   * @param config values for the connection's configuration, by field
   */
  public record Answer(
      Jslt token,
      Jslt refreshToken,
      Jslt expiresIn,
      @Nullable Jslt expiresAt,
      Jslt refreshExpiresIn,
      Jslt error,
      Jslt errorText,
      @Nullable Jslt account,
      Map<String, Jslt> config) {
    /**
     * The fields of the configuration that it tells, and those that the browser brings back.
     *
     * @param callback fields by their name in the browser's query
     */
    Set<String> told(Map<String, String> callback) {
      Set<String> told = new HashSet<>(callback.keySet());
      told.addAll(config.keySet());
      return Set.copyOf(told);
    }
  }

  /** How a client proves itself to a token endpoint. */
  public enum ClientAuth {
    BODY,
    BASIC,
    PRIVATE_KEY_JWT
  }

  /**
   * A token endpoint.
   *
   * @param json the request's body is JSON instead of a form
   */
  public record Endpoint(
      Template url, ClientAuth client, boolean json, Map<String, Template> headers) {}

  /**
   * @param audience null: the token URL
   * @param thumbprint the header names the certificate by {@code x5t} or {@code x5t#S256}
   */
  public record Assertion(
      @Nullable Template audience, String algorithm, Duration lifetime, String thumbprint) {}

  /**
   * How a token is signed.
   *
   * @param key what signs; {@code encoding} says how it is written: {@code pem} for RS, PS and ES,
   *     {@code text}, {@code hex} or {@code base64} for HS
   * @param header further members of the header, {@code claims} all but {@code iat} and {@code exp}
   */
  public record Signed(
      String algorithm,
      Template key,
      String encoding,
      @Nullable Template keyId,
      JsonNode header,
      JsonNode claims,
      Duration lifetime) {}

  /**
   * How an installation proves to be the customer's.
   *
   * @param token where the callback's code is exchanged
   * @param list what the customer may see, or the one installation by its ID
   * @param ids on the answer's body, a list; null: any 2xx is yes
   */
  public record Ownership(Endpoint token, Template list, @Nullable Jslt ids) {}

  /**
   * One request of an exchange.
   *
   * @param body JSON whose texts are templates, or a form's fields; null: none
   * @param take what later steps use as {@code step.<name>}
   */
  public record Step(
      String method,
      Template url,
      Map<String, Template> headers,
      @Nullable JsonNode body,
      boolean form,
      Map<String, Jslt> take) {}
}

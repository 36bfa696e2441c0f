package dev.serai.connection.signature;

import com.github.scribejava.core.extractors.HeaderExtractorImpl;
import com.github.scribejava.core.model.OAuthConstants;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.services.HMACSha1SignatureService;
import com.github.scribejava.core.services.PlaintextSignatureService;
import com.github.scribejava.core.services.SignatureService;
import dev.serai.http.OutgoingUri;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Authorization header of OAuth 1.0a (RFC 5849 §3.4, §3.5.1). Holds secrets: lives as long as a
 * request is made.
 *
 * @param token empty while none was given yet
 * @param method {@code HMAC-SHA1}, {@code HMAC-SHA256} or {@code PLAINTEXT}
 * @param realm null: none is named
 */
public record OAuth1Signature(
    String consumerKey,
    String consumerSecret,
    String token,
    String tokenSecret,
    String method,
    @Nullable String realm) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * @param form parameters of a form body, which are signed too
   * @param more further {@code oauth_} parameters
   */
  public String header(
      String verb, URI uri, Map<String, String> form, Map<String, String> more, Instant now) {
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    return header(verb, uri, form, more, now.getEpochSecond(), HexFormat.of().formatHex(nonce));
  }

  String header(
      String verb,
      URI uri,
      Map<String, String> form,
      Map<String, String> more,
      long timestamp,
      String nonce) {
    OAuthRequest request = request(verb, uri, form);
    more.forEach(request::addOAuthParameter);
    request.addOAuthParameter(OAuthConstants.CONSUMER_KEY, consumerKey);
    if (!token.isEmpty()) {
      request.addOAuthParameter(OAuthConstants.TOKEN, token);
    }
    request.addOAuthParameter(OAuthConstants.SIGN_METHOD, method);
    request.addOAuthParameter(OAuthConstants.TIMESTAMP, Long.toString(timestamp));
    request.addOAuthParameter(OAuthConstants.NONCE, nonce);
    String base = new EncodedOrder().extract(request);
    request.addOAuthParameter(
        OAuthConstants.SIGNATURE, service().getSignature(base, consumerSecret, tokenSecret));
    if (realm != null && !realm.isEmpty()) {
      request.setRealm(realm.replace("\"", ""));
    }
    return new HeaderExtractorImpl().extract(request);
  }

  /** Scheme and host in lower case and without a usual port: RFC 5849 §3.4.1.2. */
  static OAuthRequest request(String verb, URI uri, Map<String, String> form) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    OAuthRequest request =
        new OAuthRequest(Verb.valueOf(verb), OutgoingUri.origin(uri) + uri.getRawPath() + query);
    form.forEach(request::addBodyParameter);
    return request;
  }

  private SignatureService service() {
    return switch (method) {
      case "HMAC-SHA256" -> new HmacSha256();
      case "PLAINTEXT" -> new PlaintextSignatureService();
      default -> new HMACSha1SignatureService();
    };
  }

  @Override
  public String toString() {
    return "OAuth1Signature[" + method + "]";
  }
}

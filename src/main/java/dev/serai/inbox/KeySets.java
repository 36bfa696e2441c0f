package dev.serai.inbox;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import dev.serai.SeraiException;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingHttp;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The keys that providers publish (RFC 7517): kept for five minutes, fetched again at once for a
 * key nobody has seen, but not more than twice in half a minute, and used for an hour while the
 * address does not answer. Thread-safe.
 */
public final class KeySets {
  private static final HttpCall.Limits LIMITS =
      new HttpCall.Limits(
          Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(8), 256 << 10);

  private final Function<HttpCall, HttpAnswer> fetch;
  private final Map<URI, JWKSource<SecurityContext>> sources = new ConcurrentHashMap<>();

  public KeySets(OutgoingHttp http) {
    this(http::sendOnce);
  }

  KeySets(Function<HttpCall, HttpAnswer> fetch) {
    this.fetch = fetch;
  }

  /**
   * The keys that may have signed this; none if the set has no such key.
   *
   * @param keySet of a provider's folder, never of a delivery
   * @throws KeysUnavailable when the set cannot be fetched
   */
  List<JWK> of(URI keySet, JWSHeader header) {
    JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(header));
    try {
      return sources.computeIfAbsent(keySet, this::source).get(selector, null);
    } catch (RateLimitReachedException e) {
      return List.of(); // unknown keys are not asked for again at anybody's pace
    } catch (KeySourceException e) {
      throw new KeysUnavailable(keySet);
    }
  }

  private JWKSource<SecurityContext> source(URI keySet) {
    try {
      return JWKSourceBuilder.create(keySet.toURL(), this::retrieve)
          .outageTolerant(Duration.ofHours(1).toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(keySet + " was read as an address before", e);
    }
  }

  private Resource retrieve(URL url) throws IOException {
    try {
      HttpAnswer answer = fetch.apply(new HttpCall("GET", url.toURI(), Headers.NONE, null, LIMITS));
      if (answer.status() != 200) {
        throw new IOException("the key set was answered with " + answer.status());
      }
      return new Resource(new String(answer.body(), StandardCharsets.UTF_8), "application/json");
    } catch (SeraiException e) {
      throw new IOException(e.getMessage(), e);
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}

package dev.serai.sample.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks a customer for (RFC 6749, 4.1.1; RFC 7636, 4.3).
 *
 * @param redirect one that this client may use
 * @param state echoed as it came
 */
public record AuthorizeRequest(
    String clientId,
    URI redirect,
    @Nullable String state,
    String scope,
    String challenge,
    String hint) {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  /** Where the browser is sent with an error, because whom to tell is beyond doubt. */
  @SuppressWarnings("serial")
  public static final class Redirected extends RuntimeException {
    private final URI to;

    Redirected(URI to) {
      super("refused", null, false, false);
      this.to = to;
    }

    public URI to() {
      return to;
    }
  }

  /**
   * Client and redirect address are checked first: while one is in doubt nobody is redirected.
   *
   * @throws OAuthError to be shown to the person in front of the browser
   * @throws Redirected to be told to the client
   */
  public static AuthorizeRequest of(Map<String, String> query, OAuthOptions options) {
    if (!options.clientId().equals(query.get("client_id"))) {
      throw OAuthError.invalidRequest("No app has this client_id.");
    }
    URI redirect = redirect(query.getOrDefault("redirect_uri", ""), options);
    String state = query.get("state");
    try {
      return new AuthorizeRequest(
          options.clientId(),
          redirect,
          state,
          checkedScope(query),
          query.getOrDefault("code_challenge", ""),
          query.getOrDefault("login_hint", ""));
    } catch (OAuthError refused) {
      throw new Redirected(
          back(
              redirect,
              state,
              Map.of("error", refused.error(), "error_description", refused.description())));
    }
  }

  private static String checkedScope(Map<String, String> query) {
    if (!"code".equals(query.get("response_type"))) {
      throw new OAuthError(400, "unsupported_response_type", "response_type is code");
    }
    boolean proof =
        "S256".equals(query.get("code_challenge_method"))
            && query.getOrDefault("code_challenge", "").matches("[A-Za-z0-9_-]{43}");
    if (!proof) {
      throw OAuthError.invalidRequest("PKCE is required: code_challenge with S256");
    }
    return Scopes.asked(query.getOrDefault("scope", ""));
  }

  /** Loopback on any port and path (RFC 8252, 7.3), anything else only as it was registered. */
  private static URI redirect(String text, OAuthOptions options) {
    try {
      URI uri = new URI(text);
      boolean loopback =
          "http".equals(uri.getScheme())
              && uri.getHost() != null
              && LOOPBACK.contains(uri.getHost())
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null;
      if (loopback || options.redirects().contains(text)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // As any other address that nobody registered.
    }
    throw OAuthError.invalidRequest("This redirect_uri was not registered for the app.");
  }

  /** The redirect address with the outcome and the state that was sent. */
  URI back(Map<String, String> outcome) {
    return back(redirect, state, outcome);
  }

  private static URI back(URI redirect, @Nullable String state, Map<String, String> outcome) {
    String query =
        outcome.entrySet().stream()
            .map(part -> part.getKey() + "=" + encoded(part.getValue()))
            .collect(Collectors.joining("&"));
    String echoed = state == null ? "" : "&state=" + encoded(state);
    String joint = redirect.getRawQuery() == null ? "?" : "&";
    return URI.create(redirect + joint + query + echoed);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "AuthorizeRequest[clientId=%s, redirect=%s]".formatted(clientId, redirect);
  }
}

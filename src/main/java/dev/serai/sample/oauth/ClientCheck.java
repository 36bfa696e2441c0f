package dev.serai.sample.oauth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a caller is the client: by header or in the form, never both (RFC 6749, 2.3.1). */
public final class ClientCheck {
  private final OAuthOptions options;

  public ClientCheck(OAuthOptions options) {
    this.options = options;
  }

  /**
   * @param authorization the header, if there is one
   * @throws OAuthError 401 {@code invalid_client}, or 400 if it is said in two ways
   */
  public void check(@Nullable String authorization, Map<String, String> form) {
    if (authorization != null && form.containsKey("client_secret")) {
      throw OAuthError.invalidRequest("the client authenticates in the header and in the form");
    }
    String[] given =
        authorization == null
            ? new String[] {
              form.getOrDefault("client_id", ""), form.getOrDefault("client_secret", "")
            }
            : basic(authorization);
    boolean known = same(given[0], options.clientId()) & same(given[1], options.clientSecret());
    if (!known) {
      throw new OAuthError(401, "invalid_client", "the client's id or secret is wrong");
    }
  }

  private static String[] basic(String header) {
    try {
      String[] words = header.split(" ", 2);
      String pair = new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (words[0].equalsIgnoreCase("Basic") && colon >= 0) {
        return new String[] {decoded(pair.substring(0, colon)), decoded(pair.substring(colon + 1))};
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // As any other header that is not Basic.
    }
    return new String[] {"", ""};
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static boolean same(String given, String wanted) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }
}

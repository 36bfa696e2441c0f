package dev.serai.sample.oauth;

import java.util.Set;

/**
 * The one client that the helpdesk knows, and how long its tokens live.
 *
 * @param redirects where codes may be sent besides loopback, compared letter by letter
 */
public record OAuthOptions(
    String clientId, String clientSecret, Set<String> redirects, Policy policy) {
  public static final OAuthOptions TESTS =
      new OAuthOptions("serai-sample", "sample-client-secret", Set.of(), Policy.USUAL);

  public OAuthOptions withClientSecret(String changed) {
    return new OAuthOptions(clientId, changed, redirects, policy);
  }

  public OAuthOptions withPolicy(Policy changed) {
    return new OAuthOptions(clientId, clientSecret, redirects, changed);
  }

  @Override
  public String toString() {
    return "OAuthOptions[clientId=%s, policy=%s]".formatted(clientId, policy);
  }
}

package dev.serai.sample.oauth;

import java.util.Set;

/**
 * The one client that the helpdesk knows, and how long its tokens live.
 *
 * @param redirects where codes may be sent besides loopback, compared letter by letter
 * @param mark in front of everything the server draws, so that it is known wherever it is met
 */
public record OAuthOptions(
    String clientId, String clientSecret, Set<String> redirects, Policy policy, String mark) {
  /** Everything that is drawn is marked: a test's watch over secrets knows it. */
  public static final OAuthOptions TESTS =
      new OAuthOptions("serai-sample", "sample-client-secret", Set.of(), Policy.USUAL, "hushhush");

  public OAuthOptions withClientSecret(String changed) {
    return new OAuthOptions(clientId, changed, redirects, policy, mark);
  }

  public OAuthOptions withPolicy(Policy changed) {
    return new OAuthOptions(clientId, clientSecret, redirects, changed, mark);
  }

  public OAuthOptions withMark(String changed) {
    return new OAuthOptions(clientId, clientSecret, redirects, policy, changed);
  }

  @Override
  public String toString() {
    return "OAuthOptions[clientId=%s, policy=%s]".formatted(clientId, policy);
  }
}

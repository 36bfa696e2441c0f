package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The auth modes in which the customer consents at the provider and comes back by redirect: OAuth 2
 * authorization code, OAuth 1.0a, the installation of an app. Thread-safe; stores nothing.
 */
public interface Consent {
  /**
   * One attempt; the same when it begins and when it ends.
   *
   * @param candidate the connection as it would be; its id is not used
   * @param app of the integration, or the customer's own where overridden
   * @param redirectUri where the provider sends the browser back to
   * @param state single-use; comes back in the callback
   * @param scopes empty: the app's, else the provider's own
   * @param params further parameters of the authorization request; they win over the provider's
   */
  record Step(
      Connection candidate,
      App app,
      URI redirectUri,
      String state,
      List<String> scopes,
      Map<String, String> params) {

    /** The provider's parameters with the caller's over them, without those that he takes out. */
    public Map<String, String> query(Map<String, String> declared) {
      Map<String, String> query = new LinkedHashMap<>(declared);
      query.putAll(params);
      query.values().removeIf("undefined"::equals);
      return query;
    }

    @Override
    public String toString() {
      return "Step[" + candidate.connectionId() + "]";
    }
  }

  /**
   * @param address where the browser goes now
   * @param secrets what {@link #finish} needs (code verifier, request token secret): to be sealed
   */
  record Begun(URI address, ObjectNode secrets) {

    @Override
    public String toString() {
      return "Begun[" + address.getHost() + "]";
    }
  }

  /**
   * @throws dev.serai.SeraiException when the provider cannot be asked (OAuth 1.0a asks it first)
   *     or the integration's app is not usable; never shows a secret
   */
  Begun begin(Step step);

  /**
   * Exchanges what the callback brought. Sends once and repeats nothing: a code is single-use.
   *
   * @param callback the query of the callback, decoded
   * @throws dev.serai.SeraiException with the provider's own words in the message
   */
  Granted finish(Step step, ObjectNode secrets, Map<String, String> callback);
}

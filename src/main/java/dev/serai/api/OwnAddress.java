package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.http.OutgoingUri;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a browser to the address that providers send it back to. A flow's cookie belongs to the
 * host that set it, and the callback is at our own address: whoever begins at another name of the
 * same machine, {@code localhost} above all, would come back without it.
 *
 * @param own how browsers reach us, without a slash at its end
 */
record OwnAddress(URI own) {
  /** Says that the browser was sent here already; a proxy that rewrites hosts sends none twice. */
  static final String MARK = "at_own_address";

  /** Where the browser goes instead, with all that it came with; empty: it is right here. */
  Optional<String> instead(ApiRequest request) {
    Optional<String> host = request.header("Host");
    if (request.query().has(MARK) || host.isEmpty() || same(host.get())) {
      return Optional.empty();
    }
    List<String> pairs = new ArrayList<>();
    request.query().properties().forEach(entry -> pair(pairs, entry.getKey(), entry.getValue()));
    pairs.add(MARK + "=1");
    String key = OutgoingUri.encode(request.pathParameter("providerConfigKey"));
    return Optional.of(own + "/oauth/connect/" + key + "?" + String.join("&", pairs));
  }

  private boolean same(String host) {
    return plain(host).equals(plain(own.getRawAuthority()));
  }

  /** Without the port that the scheme means anyway. */
  private String plain(String authority) {
    String usual = "https".equals(own.getScheme()) ? ":443" : ":80";
    String lower = authority.strip().toLowerCase(Locale.ROOT);
    return lower.endsWith(usual) ? lower.substring(0, lower.length() - usual.length()) : lower;
  }

  /** As it came: {@code params[url]=…}, and a repeated key once for each value. */
  private static void pair(List<String> pairs, String name, JsonNode value) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> inner : value.properties()) {
        pair(pairs, name + "[" + inner.getKey() + "]", inner.getValue());
      }
    } else if (value.isArray()) {
      value.forEach(each -> pair(pairs, name + "[]", each));
    } else {
      pairs.add(OutgoingUri.encode(name) + "=" + OutgoingUri.encode(value.asText()));
    }
  }
}

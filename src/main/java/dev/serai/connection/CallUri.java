package dev.serai.connection;

import dev.serai.Origin;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Provider;
import java.net.URI;
import java.util.Map;

/** Where a call goes: under the connection's base URL, or to a link of that very origin. */
final class CallUri {
  private CallUri() {}

  static URI of(Provider provider, Connection connection, ProviderCall call) {
    URI base = base(provider, connection);
    boolean absolute = call.path().matches("(?i)https?://.*");
    StringBuilder text = new StringBuilder(absolute ? call.path() : under(base, call.path()));
    for (Map.Entry<String, String> pair : call.query()) {
      text.append(text.indexOf("?") < 0 ? '?' : '&')
          .append(OutgoingUri.encode(pair.getKey()))
          .append('=')
          .append(OutgoingUri.encode(pair.getValue()));
    }
    try {
      URI uri = OutgoingUri.parse(text.toString());
      if (absolute && !OutgoingUri.origin(uri).equals(OutgoingUri.origin(base))) {
        throw new ProviderCallRefused(
            "foreign_link",
            Origin.PROVIDER,
            "%s: the next link leads to %s, which is not where the credentials belong"
                .formatted(connection.label(), OutgoingUri.origin(uri)));
      }
      return uri;
    } catch (IllegalArgumentException e) {
      throw new ProviderCallRefused(
          "invalid_base_url", Origin.CALLER, connection.label() + ": " + e.getMessage());
    }
  }

  /** A backend's call: below the base URL, whichever it is, and nowhere else. */
  static URI of(Provider provider, Connection connection, RelayedCall call) {
    URI base = call.base() == null ? base(provider, connection) : call.base();
    return OutgoingUri.parse(under(base, call.target()));
  }

  private static String under(URI base, String path) {
    return base + (path.startsWith("/") || path.startsWith("?") ? "" : "/") + path;
  }

  private static URI base(Provider provider, Connection connection) {
    try {
      return URI.create(Rendering.baseUrl(provider, connection.config()));
    } catch (IllegalArgumentException e) {
      throw new ProviderCallRefused(
          "invalid_base_url",
          Origin.CALLER,
          connection.label() + ": its configuration gives no usable address: " + e.getMessage());
    }
  }
}

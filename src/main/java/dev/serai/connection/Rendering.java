package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Provider;
import java.net.URI;
import java.util.function.UnaryOperator;

/** Fills a provider's templates from a connection's configuration. */
public final class Rendering {
  private static final String PREFIX = "connection_config.";

  private Rendering() {}

  /** Values by their name in templates; a field that is not configured is empty text. */
  public static UnaryOperator<String> values(ObjectNode config) {
    return name ->
        name.startsWith(PREFIX) ? config.path(name.substring(PREFIX.length())).asText("") : "";
  }

  /**
   * Without a slash at its end.
   *
   * @throws IllegalArgumentException naming the field whose value leads nowhere, or elsewhere
   */
  public static String baseUrl(Provider provider, ObjectNode config) {
    return Address.base(provider.baseUrl(), values(config)).toString().replaceAll("/+$", "");
  }

  /** Where calls go, to be compared; empty: the configuration gives no address. */
  public static String address(Provider provider, ObjectNode config) {
    try {
      URI base = URI.create(baseUrl(provider, config));
      return OutgoingUri.origin(base) + base.getRawPath();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}

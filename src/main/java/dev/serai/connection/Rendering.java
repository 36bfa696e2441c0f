package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Provider;
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

  /** Without a slash at its end. */
  public static String baseUrl(Provider provider, ObjectNode config) {
    String url = provider.baseUrl().fill(values(config)).strip();
    return url.replaceAll("/+$", "");
  }
}

package dev.serai.connection.auth;

import dev.serai.Origin;
import dev.serai.connection.Address;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Template;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The addresses of auth templates, filled with the care of {@link Address}. */
final class Addresses {
  private Addresses() {}

  /**
   * @throws AuthRefused naming the place whose value does not fit; it never repeats the value
   */
  static URI of(Template template, UnaryOperator<String> values) {
    try {
      return Address.of(template, values);
    } catch (IllegalArgumentException e) {
      throw new AuthRefused("invalid_credentials", Origin.CALLER, String.valueOf(e.getMessage()));
    }
  }

  /** The address with these parameters behind whatever query it has. */
  static URI with(URI address, List<Map.Entry<String, String>> query) {
    StringBuilder text = new StringBuilder(address.toString());
    char between = address.getRawQuery() == null ? '?' : '&';
    for (Map.Entry<String, String> pair : query) {
      text.append(between).append(OutgoingUri.encode(pair.getKey()));
      text.append('=').append(OutgoingUri.encode(pair.getValue()));
      between = '&';
    }
    return URI.create(text.toString());
  }
}

package dev.serai.connection.auth;

import dev.serai.Origin;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Template;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Fills the addresses of auth templates so that no value can lead a request elsewhere: a value in
 * the host must be a part of a host name, a value in front is an address by itself, and everything
 * behind the host is percent-encoded.
 */
final class Addresses {
  private static final Pattern HOST_PART =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(:[0-9]{1,5})?");

  private Addresses() {}

  /**
   * @throws AuthRefused naming the place whose value does not fit; it never repeats the value
   */
  static URI of(Template template, UnaryOperator<String> values) {
    StringBuilder text = new StringBuilder();
    for (Template.Part part : template.parts()) {
      switch (part) {
        case Template.Part.Literal literal -> text.append(literal.text());
        case Template.Part.Place place ->
            text.append(fitting(text, place.name(), values.apply(place.name()).strip()));
      }
    }
    try {
      return OutgoingUri.parse(text.toString());
    } catch (IllegalArgumentException e) {
      throw refused(template.text(), String.valueOf(e.getMessage()));
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

  private static String fitting(CharSequence before, String name, String value) {
    String written = before.toString();
    if (written.isEmpty()) {
      return whole(name, value);
    }
    int authority = written.indexOf("://") + 3;
    boolean inHost =
        authority >= 3
            && written.substring(authority).chars().noneMatch(c -> "/?#".indexOf(c) >= 0);
    if (inHost) {
      if (!HOST_PART.matcher(value).matches()) {
        throw refused("${" + name + "}", "its value is no part of a host name");
      }
      return value;
    }
    if (value.equals(".") || value.equals("..")) {
      throw refused("${" + name + "}", "its value would change the path");
    }
    return OutgoingUri.encode(value);
  }

  private static String whole(String name, String value) {
    try {
      URI uri = OutgoingUri.parse(value);
      if (uri.getRawQuery() != null) {
        throw refused("${" + name + "}", "its value must be an address without a query");
      }
      return uri.toString().replaceAll("/+$", "");
    } catch (IllegalArgumentException e) {
      throw refused("${" + name + "}", String.valueOf(e.getMessage()));
    }
  }

  private static AuthRefused refused(String what, String why) {
    return new AuthRefused(
        "invalid_credentials", Origin.CALLER, "the address with " + what + ": " + why);
  }
}

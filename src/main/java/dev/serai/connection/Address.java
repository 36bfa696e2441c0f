package dev.serai.connection;

import dev.serai.http.OutgoingUri;
import dev.serai.provider.Template;
import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills the addresses of a provider's templates so that no value can lead a request elsewhere: a
 * value in the host must be a part of a host name, a value in front is an address by itself, and
 * everything behind the host is percent-encoded.
 */
public final class Address {
  private static final Pattern HOST_PART =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile(HOST_PART.pattern() + "(:[0-9]{1,5})?");

  private Address() {}

  /**
   * @throws IllegalArgumentException naming the place whose value does not fit; it never repeats
   *     the value
   */
  public static URI of(Template template, UnaryOperator<String> values) {
    return of(template, values, false);
  }

  /**
   * The same for what paths are appended to, where a value may be several of its steps: {@code
   * owner/repository}.
   */
  static URI base(Template template, UnaryOperator<String> values) {
    return of(template, values, true);
  }

  private static URI of(Template template, UnaryOperator<String> values, boolean steps) {
    StringBuilder text = new StringBuilder();
    List<Template.Part> parts = template.parts();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Template.Part.Literal literal -> text.append(literal.text());
        case Template.Part.Place place -> {
          boolean last = endsHost(i + 1 < parts.size() ? parts.get(i + 1) : null);
          String value = values.apply(place.name()).strip();
          text.append(fitting(text.toString(), place.name(), value, last, steps));
        }
      }
    }
    try {
      return OutgoingUri.parse(text.toString());
    } catch (IllegalArgumentException e) {
      throw refused(template.text(), String.valueOf(e.getMessage()));
    }
  }

  private static boolean endsHost(Template.@Nullable Part next) {
    return next == null
        || (next instanceof Template.Part.Literal literal
            && "/?#".indexOf(literal.text().charAt(0)) >= 0);
  }

  private static String fitting(
      String written, String name, String value, boolean last, boolean steps) {
    if (written.isEmpty()) {
      return whole(name, value);
    }
    int authority = written.indexOf("://") + 3;
    boolean inHost =
        authority >= 3
            && written.substring(authority).chars().noneMatch(c -> "/?#".indexOf(c) >= 0);
    if (inHost) {
      // A port in the middle would make everything behind it no part of the host any more.
      if (!(last ? HOST_AND_PORT : HOST_PART).matcher(value).matches()) {
        throw refused("${" + name + "}", "its value is no part of a host name");
      }
      return value;
    }
    List<String> parts =
        steps && !written.contains("?") ? List.of(value.split("/", -1)) : List.of(value);
    if (parts.contains(".") || parts.contains("..")) {
      throw refused("${" + name + "}", "its value would change the path");
    }
    return parts.stream().map(OutgoingUri::encode).collect(Collectors.joining("/"));
  }

  private static String whole(String name, String value) {
    URI uri;
    try {
      uri = OutgoingUri.parse(value);
    } catch (IllegalArgumentException e) {
      throw refused("${" + name + "}", String.valueOf(e.getMessage()));
    }
    if (uri.getRawQuery() != null) {
      throw refused("${" + name + "}", "its value must be an address without a query");
    }
    return uri.toString().replaceAll("/+$", "");
  }

  private static IllegalArgumentException refused(String what, String why) {
    return new IllegalArgumentException("the address with " + what + ": " + why);
  }
}

package dev.serai.http;

import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The only way a text becomes a URI that Serai calls. What URIs do not allow is percent-encoded,
 * braces above all: Camel would take <code>{{…}}</code> for one of our properties.
 */
public final class OutgoingUri {
  private static final String LEGAL = "-._~:/?#@!$&'()*+,;=";

  private OutgoingUri() {}

  /**
   * @throws IllegalArgumentException when it is no absolute http(s) URL with a host, or when it
   *     carries a user name; the message never repeats the query
   */
  public static URI parse(String text) {
    int scheme = text.indexOf("://");
    String name = scheme < 0 ? "" : text.substring(0, scheme).toLowerCase(Locale.ROOT);
    if (!name.equals("http") && !name.equals("https")) {
      throw new IllegalArgumentException("a URL must start with http:// or https://");
    }
    String rest = text.substring(scheme + 3);
    int end = authorityEnd(rest);
    String authority = rest.substring(0, end);
    if (authority.isEmpty() || authority.startsWith(":")) {
      throw new IllegalArgumentException("the URL has no host");
    }
    if (authority.contains("@")) {
      throw new IllegalArgumentException("a URL must not carry a user name or password");
    }
    String path = rest.substring(end);
    int fragment = path.indexOf('#');
    return URI.create(
        name
            + "://"
            + host(authority)
            + encodeIllegal(fragment < 0 ? path : path.substring(0, fragment)));
  }

  /** One path segment or query part: everything but unreserved characters is encoded. */
  public static String encode(String part) {
    return encode(part, "-._~");
  }

  /** A path or a reference: legal characters and escapes stay, everything else is encoded. */
  public static String encodeIllegal(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%' && isHex(text, i + 1) && isHex(text, i + 2)) {
        out.append(text, i, i + 3);
        i += 2;
      } else {
        int point = text.codePointAt(i);
        out.append(encode(Character.toString(point), LEGAL));
        i += Character.charCount(point) - 1;
      }
    }
    return out.toString();
  }

  /** Scheme, host and port: all that a message may show of a URL, and what credentials stay in. */
  public static String origin(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String authority = uri.getRawAuthority().toLowerCase(Locale.ROOT);
    String usual = scheme.equals("https") ? ":443" : ":80";
    return scheme
        + "://"
        + (authority.endsWith(usual)
            ? authority.substring(0, authority.length() - usual.length())
            : authority);
  }

  private static String host(String authority) {
    if (authority.chars().anyMatch(c -> c <= ' ' || c == '%' || c == '\\' || c == 127)) {
      throw new IllegalArgumentException("the URL's host has characters that hosts cannot have");
    }
    if (authority.chars().allMatch(c -> c < 128)) {
      return authority;
    }
    return IDN.toASCII(authority);
  }

  private static int authorityEnd(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      if ("/?#\\".indexOf(rest.charAt(i)) >= 0) {
        return i;
      }
    }
    return rest.length();
  }

  private static String encode(String text, String kept) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 128 && (Character.isLetterOrDigit(c) || kept.indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xFF));
      }
    }
    return out.toString();
  }

  private static boolean isHex(String text, int at) {
    return at < text.length() && Character.digit(text.charAt(at), 16) >= 0;
  }
}

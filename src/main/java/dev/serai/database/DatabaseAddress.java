package dev.serai.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a PostgreSQL is and who we are there. The password is kept apart from the URL, so that the
 * URL may be shown.
 */
public record DatabaseAddress(String jdbcUrl, String user, String password) {

  /**
   * Reads {@code postgresql://user:password@host:5432/name?sslmode=require}, with or without jdbc.
   */
  public static DatabaseAddress parse(String text) {
    URI uri = uri(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
      throw new IllegalArgumentException("must start with postgresql://");
    }
    if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
      throw new IllegalArgumentException("must name a host and a database");
    }
    String user = "";
    String password = "";
    if (uri.getRawUserInfo() != null) {
      String[] parts = uri.getRawUserInfo().split(":", 2);
      user = decode(parts[0]);
      password = parts.length > 1 ? decode(parts[1]) : "";
    }
    List<String> options = new ArrayList<>();
    for (String option : String.valueOf(uri.getRawQuery()).split("&")) {
      if (option.startsWith("user=")) {
        user = decode(option.substring("user=".length()));
      } else if (option.startsWith("password=")) {
        password = decode(option.substring("password=".length()));
      } else if (option.contains("=")) {
        options.add(option);
      }
    }
    if (user.isEmpty()) {
      throw new IllegalArgumentException("must name a user");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = options.isEmpty() ? "" : "?" + String.join("&", options);
    return new DatabaseAddress(
        "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query, user, password);
  }

  /** {@code host:port}, for the list of what must never be called. */
  public String hostPort() {
    URI uri = uri(jdbcUrl.substring("jdbc:".length()));
    return uri.getHost() + ":" + (uri.getPort() < 0 ? 5432 : uri.getPort());
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Without the cause: its message quotes the password.
      throw new IllegalArgumentException(
          "not a URL; percent-encode special characters in user and password");
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without the password: safe for logs. */
  @Override
  public String toString() {
    return jdbcUrl + " as " + user;
  }
}

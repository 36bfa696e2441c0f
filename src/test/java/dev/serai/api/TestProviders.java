package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import java.util.List;
import java.util.Optional;

/** {@code helpdesk} wants an API key, {@code wiki} a password, {@code board} an app and consent. */
final class TestProviders implements Providers {
  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("helpdesk", "The Helpdesk", "API_KEY", Json.object()),
          new Entry("wiki", "A Wiki", "BASIC", Json.object()),
          new Entry("board", "A Board", "OAUTH2", Json.object()));

  @Override
  public Optional<Entry> find(String provider) {
    return ENTRIES.stream().filter(entry -> entry.name().equals(provider)).findFirst();
  }

  @Override
  public String logo(String provider) {
    return "https://serai.test/images/template-logos/" + provider + ".svg";
  }

  @Override
  public List<Entry> all() {
    return ENTRIES;
  }

  @Override
  public Checked check(String provider, ObjectNode connectionConfig) {
    return new Checked(
        connectionConfig,
        connectionConfig.path("url").asText("http://a").startsWith("http")
            ? List.of()
            : List.of(new Problem("url", "must match pattern ^http")));
  }

  @Override
  public Optional<String> verify(Connection connection, Credentials credentials) {
    return credentials instanceof Credentials.ApiKey(String key) && key.equals("wrong")
        ? Optional.of("The provider answered 401")
        : Optional.empty();
  }

  /** A key {@code of-ann} is one of the account {@code ann}. */
  @Override
  public Tried tried(Connection connection, Grant offered) {
    String account =
        offered.credentials() instanceof Credentials.ApiKey(String key) && key.startsWith("of-")
            ? key.substring(3)
            : null;
    return new Tried(verify(connection, offered).orElse(null), account);
  }
}

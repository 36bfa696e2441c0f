package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Connection;
import dev.serai.connection.Consent.Step;
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.provider.Catalogue;
import dev.serai.support.FakeProvider;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A provider called acme whose auth a test writes, and the modes at work for it. */
final class Modes implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final App APP =
      new App("client-id", "hushhush-client-0123456789", List.of(), null, null, null);

  final FakeProvider provider = new FakeProvider();
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private final Path folder;

  Modes(Path folder) {
    this.folder = folder;
  }

  /**
   * @param auth the auth block, indented by two, where {@code %s} is the provider's address
   */
  AuthModes of(String auth) {
    Catalogue catalogue = load(auth.replace("%s", provider.url()));
    assertThat(catalogue.problems()).isEmpty();
    return new AuthModes(http, () -> catalogue, () -> NOW);
  }

  /** As the other, for a provider that this class does not play. */
  AuthModes at(String address, String auth, HttpCall.Limits limits) {
    Catalogue catalogue = load(auth.replace("%s", address));
    return new AuthModes(http, () -> catalogue, () -> NOW, limits);
  }

  Catalogue load(String auth) {
    try {
      Path acme = Files.createDirectories(folder.resolve("acme"));
      Files.writeString(
          acme.resolve("provider.yaml"),
          """
          name: acme
          display_name: Acme
          base_url: https://acme.example
          connection_config:
            site: {title: Site, description: x, pattern: '.*', example: north, required: false}
            team: {title: Team, description: x, pattern: '[0-9]+', example: '1', required: false}
            pin: {title: PIN, description: x, pattern: '.*', example: x, required: false, secret: true}
          auth:
          %s
          """
              .formatted(auth.indent(2)));
      return Catalogue.load(List.of(folder));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Connection connection(String... config) {
    ObjectNode json = Json.object();
    for (int i = 0; i < config.length; i += 2) {
      json.put(config[i], config[i + 1]);
    }
    return new Connection(7, 1, "dev", 1, "acme", "acme", "c7", "t", json, null, null);
  }

  static Step step(App app, Connection candidate) {
    return new Step(
        candidate,
        app,
        URI.create("http://localhost:3003/oauth/callback"),
        "state-1",
        List.of(),
        Map.of());
  }

  static Map<String, String> query(URI address) {
    return form(address.getRawQuery());
  }

  static Map<String, String> form(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      String[] sides = pair.split("=", 2);
      all.put(decoded(sides[0]), decoded(sides.length == 1 ? "" : sides[1]));
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
    provider.close();
  }
}

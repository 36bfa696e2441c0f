package dev.serai.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.support.OAuthWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Nodes on one PostgreSQL, and a strict OAuth 2 provider in this process. */
final class RefreshCluster implements AutoCloseable {
  final OAuthWorld oauth;
  final List<SeraiProcess> nodes = new ArrayList<>();
  private final Path folder;
  private final Database database;
  private final DatabaseAddress address;

  RefreshCluster(Path folder, Database database, DatabaseAddress address, String refresh) {
    this.folder = folder;
    this.database = database;
    this.address = address;
    this.oauth = new OAuthWorld(database, folder, refresh);
  }

  /** Started, with the shortest lease there is. */
  void start(int count) {
    for (int i = 1; i <= count; i++) {
      nodes.add(
          new SeraiProcess(folder.resolve("node-" + i))
              .with(address)
              .with("SERAI_NODE", "node-" + i)
              .with("SERAI_PROVIDERS", oauth.providers.toString())
              .with("SERAI_REFRESH_LEASE", "1s")
              .with("SERAI_API_RATE_LIMIT", "10000000")
              .with("SERAI_OUTGOING_ALLOW", "127.0.0.1:" + oauth.simulator.uri().getPort()));
    }
    nodes.getFirst().start();
    nodes.stream().skip(1).forEach(SeraiProcess::launch);
    nodes.forEach(SeraiProcess::awaitReady);
    int environment = number("select id from environment where name = 'dev'");
    oauth.catalogue().all().forEach(each -> oauth.integrate(environment, each.name()));
  }

  /** Its access token has ended. */
  Connection connect(String provider, String id) {
    return oauth.connect(provider, id, Instant.now().minusSeconds(1), List.of());
  }

  static JsonNode get(SeraiProcess node, String provider, String id, String more) {
    return node.api()
        .send(
            "GET", "/connections/%s?provider_config_key=%s%s".formatted(id, provider, more), null);
  }

  /** What the provider's API says to this token. */
  int called(String token) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(oauth.simulator.uri().resolve("/v1/me"))
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int number(String sql) {
    return database.read(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  @Override
  public void close() {
    nodes.forEach(SeraiProcess::close);
    oauth.close();
  }
}

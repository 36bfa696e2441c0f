package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.DatabaseAddress;
import dev.serai.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A whole Serai in this process with a durable database of its own in a temporary folder: what a
 * bench measures. Leaves nothing behind.
 *
 * @param uri where its API listens
 * @param key of its API
 */
record BenchServer(URI uri, UUID key, DatabaseAddress database, Closing closing)
    implements AutoCloseable {
  /** Of a database that is deleted at the end. */
  static final String MASTER_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  /**
   * @param more settings besides the folders, ports and keys
   */
  static BenchServer open(Path home, Map<String, String> more) throws IOException {
    Closing closing = new Closing();
    try {
      Path folder = Files.createTempDirectory("serai-bench");
      closing.add("temporary folder", () -> delete(folder));
      DatabaseAddress database =
          closing
              .add(
                  "database",
                  EmbeddedPostgres.start(
                      EmbeddedPostgres.Options.durable(folder.resolve("postgres"))))
              .address();
      UUID key = UUID.randomUUID();
      Map<String, String> environment = new HashMap<>(environment(folder, database, key));
      environment.putAll(more);
      Settings settings = Settings.read(home, environment);
      closing.add("Serai", new Serai(settings)).start();
      URI uri = URI.create("http://127.0.0.1:" + settings.listening().port());
      return new BenchServer(uri, key, database, closing);
    } catch (IOException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** Asks the API as its owner; anything but a success is an exception. */
  JsonNode call(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new BenchUnusable(
            "%s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
      }
      return Json.parse(answer.body());
    }
  }

  private static Map<String, String> environment(Path folder, DatabaseAddress database, UUID key)
      throws IOException {
    return Map.of(
        "SERAI_DATA",
        folder.resolve("data").toString(),
        "SERAI_PORT",
        freePort(),
        "SERAI_MANAGEMENT_PORT",
        freePort(),
        "SERAI_HOUSEKEEPING_CRON",
        "0 0 0 1 1 ? 2099", // what is measured is not to be tidied up meanwhile
        "SERAI_SAMPLE",
        "false",
        "SERAI_SECRET_KEY_DEV",
        key.toString(),
        "SERAI_ENCRYPTION_KEY",
        MASTER_KEY,
        "SERAI_DATABASE_URL",
        "%s?user=%s&password=%s"
            .formatted(database.jdbcUrl(), database.user(), database.password()));
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public void close() {
    closing.close();
  }
}

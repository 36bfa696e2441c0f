package dev.serai.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.app.Serai;
import dev.serai.app.Settings;
import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.sample.oauth.OAuthOptions;
import dev.serai.support.FakeProvider;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * A whole Serai with the sample helpdesk, a provider of the test's own and a backend that takes
 * webhooks. Every secret of it is a canary, and whatever it answers is kept.
 */
final class CanaryWorld implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * In front of everything the helpdesk draws. A multiple of three letters: then its base64 begins
   * the base64 of what it stands in front of.
   */
  static final String MARK = "canary-grant-xy" + UUID.randomUUID();

  static final String CLIENT_SECRET = "canary-client-" + UUID.randomUUID();
  static final String HELPDESK_KEY = "canary-helpdesk-" + UUID.randomUUID();
  static final String DEV_KEY = UUID.randomUUID().toString();
  static final String MASTER_KEY = CanaryTest.masterKey();

  final Map<String, String> answers = new TreeMap<>();
  final FakeProvider provider;
  final FakeProvider backend =
      new FakeProvider().answering(request -> FakeProvider.Answer.status(200));
  final Simulator helpdesk;
  private final Path folder;
  private final DatabaseAddress address = TestServer.shared().emptyDatabase();
  private final Settings settings;
  private Serai serai;

  /**
   * @param script what the test's own provider answers
   * @param files below {@code providers/}, by path; {@code @url} stands for the test's own provider
   */
  CanaryWorld(
      Path folder, Function<FakeProvider.Request, FakeProvider.Answer> script, String[][] files)
      throws Exception {
    this.folder = folder;
    provider = new FakeProvider().answering(script);
    helpdesk =
        Simulator.start(
            Simulator.Options.TESTS
                .withTickets(20)
                .withApiKey(HELPDESK_KEY)
                .withOAuth(OAuthOptions.TESTS.withClientSecret(CLIENT_SECRET).withMark(MARK)));
    write(files);
    settings = settings(WatchedHome.in(folder));
    serai = new Serai(settings);
    serai.start();
  }

  private void write(String[][] files) throws IOException {
    for (String[] file : files) {
      Path path = folder.resolve("providers").resolve(file[0]);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file[1].replace("@url", provider.url()));
    }
  }

  /** Goes on with other files of providers. */
  void restart(String[][] files) throws IOException {
    serai.close();
    write(files);
    serai = new Serai(settings);
    serai.start();
  }

  /** What every world of this kind must keep to itself. */
  static Canary canary() {
    return Canary.of(
        MARK, CLIENT_SECRET, "serai-sample:" + CLIENT_SECRET, HELPDESK_KEY, DEV_KEY, MASTER_KEY);
  }

  private Settings settings(Path home) {
    return new TestSettings(folder.resolve("data"))
        .with(address)
        .with("SERAI_ENCRYPTION_KEY", MASTER_KEY)
        .with("SERAI_SECRET_KEY_DEV", DEV_KEY)
        .with("SERAI_PROVIDERS", WatchedHome.providers())
        .with("SERAI_WEBHOOK_URL", backend.url() + "/hooks")
        .with(
            "SERAI_OUTGOING_ALLOW",
            "127.0.0.1:%d,%s,%s"
                .formatted(helpdesk.uri().getPort(), provider.address(), backend.address()))
        .read(home);
  }

  /** Everything that stays, can be asked for, was answered or was sent. */
  Map<String, String> places() throws Exception {
    Map<String, String> places = new TreeMap<>(answers);
    places.putAll(Places.rows(address));
    places.putAll(Places.beans());
    places.putAll(Places.threads(folder));
    places.putAll(Places.files(folder));
    for (String path : new String[] {"/metrics", "/health", "/ready"}) {
      places.put(path, management(path));
    }
    backend.requests().forEach(hook -> places.put("webhook " + hook.headers(), hook.body()));
    return places;
  }

  static Map<String, String> hits(Map<String, String> places, Canary canary) {
    Map<String, String> hits = new TreeMap<>();
    places.forEach(
        (place, text) -> canary.in(place + " " + text).ifPresent(hit -> hits.put(place, hit)));
    return hits;
  }

  Database database() {
    return new Database(address, Database.Limits.DEFAULT);
  }

  String url() {
    return "http://127.0.0.1:" + settings.listening().port();
  }

  String environment(String column) {
    try (Database direct = database()) {
      return direct.<String>read(handle ->
          handle
              .createQuery("select %s::text from environment where name = 'dev'".formatted(column))
              .mapTo(String.class)
              .one());
    }
  }

  /** A connect session's token. */
  String session() throws Exception {
    return session("");
  }

  /**
   * @param more of the session, after a comma
   */
  String session(String more) throws Exception {
    String body = "{\"end_user\":{\"id\":\"u\"}" + more + "}";
    JsonNode made = Json.parse(send("POST", "/connect/sessions", body).body());
    return made.at("/data/token").asText();
  }

  int act(String key, String connection, String action, String input) throws Exception {
    return answer(
        "action " + answers.size(),
        "POST",
        "/action/trigger",
        "{\"action_name\":\"%s\",\"input\":%s}".formatted(action, input),
        "Provider-Config-Key",
        key,
        "Connection-Id",
        connection);
  }

  /** Asks, and keeps the answer as a place where no secret may be. */
  int answer(String name, String method, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = send(method, path, body, headers);
    answers.put(name, answer.statusCode() + " " + answer.headers() + answer.body());
    return answer.statusCode();
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return sendAs(DEV_KEY, method, path, body, headers);
  }

  /** With another API key. */
  HttpResponse<String> sendAs(
      String key, String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String management(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + settings.listening().managementPort() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    serai.close();
    helpdesk.close();
    provider.close();
    backend.close();
  }
}

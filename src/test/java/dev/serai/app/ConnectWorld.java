package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.SimulatorControl;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A whole Serai with the sample helpdesk, on a database of its own. */
final class ConnectWorld implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final DatabaseAddress address = TestServer.shared().freshDatabase();
  private final Serai serai;
  final Database database = new Database(address, Database.Limits.DEFAULT);
  final String url;
  final String helpdesk;
  final String management;

  ConnectWorld(Path data, int samplePort) {
    this(
        new TestSettings(data)
            .with("SERAI_SAMPLE", "true")
            .with("SERAI_SAMPLE_PORT", Integer.toString(samplePort)),
        "http://127.0.0.1:" + samplePort);
  }

  /**
   * @param helpdesk what its connections are to
   */
  ConnectWorld(TestSettings given, String helpdesk) {
    Settings settings = given.with(address).read(Path.of("").toAbsolutePath());
    serai = new Serai(settings);
    serai.start();
    url = "http://127.0.0.1:" + settings.listening().port();
    this.helpdesk = helpdesk;
    management = "http://127.0.0.1:" + settings.listening().managementPort();
  }

  /** One more node, behind the same address. */
  Node another(Path data) {
    Settings settings =
        new TestSettings(data)
            .with(address)
            .with("SERAI_NODE", "another")
            .with("SERAI_PUBLIC_URL", url)
            .with("SERAI_OUTGOING_ALLOW", "127.0.0.1/32")
            .read(Path.of("").toAbsolutePath());
    Serai node = new Serai(settings);
    node.start();
    return new Node(
        node,
        "http://127.0.0.1:" + settings.listening().port(),
        "http://127.0.0.1:" + settings.listening().managementPort());
  }

  record Node(Serai serai, String url, String management) implements AutoCloseable {
    @Override
    public void close() {
      serai.close();
    }
  }

  /** What a page's WebSocket is told, in order. */
  static BlockingQueue<JsonNode> frames(String url) {
    BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    var unused = socket(url, frames);
    return frames;
  }

  static WebSocket socket(String url, BlockingQueue<JsonNode> frames) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(
            URI.create(url.replace("http", "ws") + "/"),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                frames.add(Json.parse(text.toString()));
                socket.request(1);
                return null;
              }
            })
        .join();
  }

  record Answer(int status, JsonNode body, HttpResponse<String> whole) {
    String code() {
      return body.at("/error/code").asText();
    }

    String at(String pointer) {
      return body.at(pointer).asText();
    }
  }

  Answer api(String method, String path, String body, String... headers) throws Exception {
    return call(method, path, body, TestSettings.DEV_KEY, headers);
  }

  /** From a page: no key at all. */
  Answer page(String path, String body) throws Exception {
    return call("POST", path, body, "");
  }

  Answer call(String method, String path, String body, String key, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    JsonNode json =
        answer.body().startsWith("{") || answer.body().startsWith("[")
            ? Json.parse(answer.body())
            : Json.object();
    return new Answer(answer.statusCode(), json, answer);
  }

  /** An integration with the sample's own app. */
  void integration(String key) throws Exception {
    api(
        "POST",
        "/integrations",
        "{\"provider\":\"sample\",\"unique_key\":\"%s\",\"credentials\":{\"type\":\"OAUTH2\",\"client_id\":\"serai-sample\",\"client_secret\":\"sample-client-secret\"}}"
            .formatted(key));
  }

  /** Says where the helpdesk is, as a backend does: no customer may. */
  String session(String more) throws Exception {
    return bare(more.contains("integrations_config_defaults") ? more : more + settled());
  }

  /** With nothing said of any helpdesk. */
  String bare(String more) throws Exception {
    return api("POST", "/connect/sessions", "{\"end_user\":{\"id\":\"ann\"}" + more + "}")
        .at("/data/token");
  }

  private String settled() throws Exception {
    ObjectNode defaults = Json.object();
    for (JsonNode each : api("GET", "/integrations", "").body().path("data")) {
      if (each.path("provider").asText().equals("sample")) {
        defaults
            .putObject(each.path("unique_key").asText())
            .putObject("connection_config")
            .put("url", helpdesk);
      }
    }
    return defaults.isEmpty() ? "" : ",\"integrations_config_defaults\":" + Json.write(defaults);
  }

  String reconnect(String key, String connection, String more) throws Exception {
    return api(
            "POST",
            "/connect/sessions/reconnect",
            "{\"connection_id\":\"%s\",\"integration_id\":\"%s\"%s}"
                .formatted(connection, key, more))
        .at("/data/token");
  }

  /** What every flow of these tests asks for. */
  String asking(String session) {
    return "connect_session_token=" + session + "&params%5Burl%5D=" + helpdesk;
  }

  /** The only connection of an integration. */
  String only(String key) throws Exception {
    JsonNode list = api("GET", "/connections?integrationId=" + key, "").body().path("connections");
    if (list.size() != 1) {
      throw new AssertionError("expected one connection: " + list);
    }
    return list.path(0).path("connection_id").asText();
  }

  int count(String key) throws Exception {
    return api("GET", "/connections?integrationId=" + key, "").body().path("connections").size();
  }

  /** The helpdesk's other side. */
  SimulatorControl control() {
    return new SimulatorControl(URI.create(helpdesk), "sample-control");
  }

  /** How many customers' grants the helpdesk takes just now. */
  int grants() {
    return control().oauth().count("live_chains");
  }

  void sql(String statement) {
    database.useTransaction(handle -> handle.execute(statement));
  }

  long number(String query) {
    return database.read(handle -> handle.createQuery(query).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    serai.close();
    database.close();
    TestServer.shared().drop(address);
  }
}

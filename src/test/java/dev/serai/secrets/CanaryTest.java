package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.app.Serai;
import dev.serai.app.Settings;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.support.FakeProvider;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I6: secrets are released into a whole Serai that meets success, refusal and failure, with every
 * logger at TRACE. Then they are looked for wherever something stays or leaves.
 */
@Timeout(300)
class CanaryTest {
  private static final String SAMPLE_KEY = "canary-sample-" + UUID.randomUUID();
  private static final String ECHO_KEY = "canary-echo-" + UUID.randomUUID();
  private static final String WRONG_KEY = "canary-wrong-" + UUID.randomUUID();
  private static final String DEV_KEY = UUID.randomUUID().toString();
  private static final String MASTER_KEY = masterKey();

  /** Some of every kind: of the API, of what runs by itself, and of providers. */
  private static final List<String> WATCHED =
      List.of(
          "rest-trigger-action",
          "rest-create-connection",
          "webhook-deliver",
          "echo-action-ask",
          "sync-tick",
          "sample-sync-tickets");

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, String> answers = new TreeMap<>();
  private final DatabaseAddress database = TestServer.shared().emptyDatabase();
  private Settings settings;

  @Test
  void a_secret_is_only_in_its_sealed_column() throws Exception {
    Canary canary = Canary.of(SAMPLE_KEY, ECHO_KEY, WRONG_KEY, DEV_KEY, MASTER_KEY);
    Map<String, String> places = new TreeMap<>();
    try (Eavesdropper logs = new Eavesdropper(canary);
        FakeProvider echo = new FakeProvider().answering(CanaryTest::echo);
        FakeProvider backend =
            new FakeProvider().answering(request -> FakeProvider.Answer.status(200));
        Simulator helpdesk = Simulator.start(helpdesk())) {
      settings = settings(helpdesk, echo, backend);
      try (Serai serai = new Serai(settings)) {
        serai.start();
        live(helpdesk, echo, backend);
        places.putAll(Places.rows(database));
        places.putAll(Places.beans());
        places.putAll(Places.files(folder));
        places.put("metrics", management("/metrics"));
        places.put("readiness", management("/ready"));
      }
      places.putAll(answers);
      backend.requests().forEach(hook -> places.put("webhook " + hook.headers(), hook.body()));

      assertThat(logs.events()).as("TRACE is on").isGreaterThan(10_000);
      assertThat(places.get("readiness")).contains("\"refused\":[]");
      assertThat(logs.exchanges()).as("steps of routes seen").isGreaterThan(50);
      assertThat(logs.watched()).as("routes seen").containsAll(WATCHED);
      assertThat(logs.written()).as("logs").isEmpty();
      assertThat(logs.raw()).as("logs before the redactor").isEmpty();
      System.out.printf(
          "canary: %,d log events, %,d of them exchanges, %,d places (%d webhooks, %d answers); loudest: %s%n",
          logs.events(),
          logs.exchanges(),
          places.size(),
          backend.requests().size(),
          answers.size(),
          logs.loudest());
    }
    Map<String, String> hits = new TreeMap<>();
    places.forEach(
        (place, text) -> canary.in(place + " " + text).ifPresent(hit -> hits.put(place, hit)));
    assertThat(places).hasSizeGreaterThan(1_000);
    assertThat(hits).isEmpty();
  }

  /** Everything that may happen to a connection. */
  private void live(Simulator helpdesk, FakeProvider echo, FakeProvider backend) throws Exception {
    integration("sample");
    integration("echo");
    answer("no key", "POST", "/connections", "{\"credentials\":\"" + WRONG_KEY);
    answer(
        "unknown member",
        "POST",
        "/connections",
        "{\"provider_config_key\":\"sample\",\"credentials\":{\"type\":\"API_KEY\",\"key\":\"%s\"}}"
            .formatted(WRONG_KEY));
    assertThat(connect("sample", "wrong", WRONG_KEY, helpdesk.uri().toString())).isEqualTo(400);
    assertThat(connect("sample", "ann", SAMPLE_KEY, helpdesk.uri().toString())).isEqualTo(201);
    assertThat(connect("echo", "ben", ECHO_KEY, echo.url())).isEqualTo(201);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            webhooks(backend).contains("\"model\":\"Ticket\",")
                && webhooks(backend).contains("\"success\":false"));

    assertThat(act("sample", "ann", "create-ticket", "{\"title\":\"Printer\"}")).isEqualTo(200);
    assertThat(act("sample", "ann", "create-ticket", "{\"title\":\"\",\"contact_id\":\"nobody\"}"))
        .isIn(400, 424);
    assertThat(act("echo", "ben", "ask", "{\"how\":\"refuse\"}")).isEqualTo(424);
    assertThat(act("echo", "ben", "ask", "{\"how\":\"fail\"}")).isGreaterThanOrEqualTo(424);
    assertThat(act("echo", "ben", "ask", "{\"how\":\"text\"}")).isGreaterThanOrEqualTo(400);
    assertThat(act("echo", "ben", "ask", "{\"how\":\"nicely\"}")).isEqualTo(200);
    helpdesk.control().fault("dropped", 20);
    act("sample", "ann", "add-comment", "{\"ticket_id\":\"1\",\"body\":\"hello\"}");
    helpdesk.control().noFaults();
    helpdesk.control().fault("invalid_json", 1);
    answer(
        "trigger",
        "POST",
        "/sync/trigger",
        "{\"provider_config_key\":\"sample\",\"connection_id\":\"ann\",\"syncs\":[\"tickets\"]}");
    int before = backend.requests().size();
    await().atMost(Duration.ofSeconds(60)).until(() -> backend.requests().size() > before);
    answer("runs", "GET", "/sync/status?syncs=*&provider_config_key=echo&connection_id=ben", "");
    answer("connections", "GET", "/connections", "");
    answer("records", "GET", "/records?model=Ticket", "");
  }

  /** A provider that says the credentials to whoever asks, also when it refuses. */
  static FakeProvider.Answer echo(FakeProvider.Request request) {
    String told =
        "{\"id\":\"1\",\"error\":\"no such key: " + request.headers().get("authorization") + "\"}";
    if (request.body().contains("text")) {
      return new FakeProvider.Answer(
          200, Map.of(), ("<html>" + told).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    boolean well = request.body().contains("nicely");
    int status = request.body().contains("fail") ? 500 : well ? 200 : 403;
    return FakeProvider.Answer.json(status, told)
        .with("X-Request-Id", request.headers().get("authorization"));
  }

  private Settings settings(Simulator helpdesk, FakeProvider echo, FakeProvider backend)
      throws Exception {
    Path provider = Files.createDirectories(folder.resolve("providers/echo"));
    Files.createDirectories(provider.resolve("syncs"));
    Files.createDirectories(provider.resolve("actions"));
    Files.writeString(
        provider.resolve("provider.yaml"),
        """
        name: echo
        display_name: Echo
        auth: {type: api_key, name: Authorization, prefix: "Bearer "}
        base_url: "${connection_config.url}"
        connection_config:
          url: {title: URL, description: Where it listens, pattern: 'http://[^?#]+', example: "http://a"}
        retry: {max_attempts: 1}
        streams:
          tickets: {request: {path: /v1/tickets}, records: {path: .tickets}, pagination: {type: none}}
        """);
    Files.writeString(
        provider.resolve("syncs/tickets.camel.yaml"),
        """
        - route:
            id: echo-sync-tickets
            description: Tickets
            group: echo
            from:
              uri: sync:echo/tickets
              parameters: {model: Ticket, every: 15m}
              steps:
                - to: {id: echo-sync-tickets-save, uri: "records:Ticket"}
        """);
    Files.writeString(
        provider.resolve("actions/ask.camel.yaml"),
        """
        - route:
            id: echo-action-ask
            description: Asks
            group: echo
            from:
              uri: action:echo/ask
              steps:
                - to: {id: echo-action-ask-send, uri: "provider:echo", parameters: {method: POST, path: /v1/ask}}
                - setProperty: {name: watched, constant: "before this step the answer is in the exchange"}
        """);
    return new TestSettings(folder.resolve("data"))
        .with(database)
        .with("SERAI_ENCRYPTION_KEY", MASTER_KEY)
        .with("SERAI_SECRET_KEY_DEV", DEV_KEY)
        .with("SERAI_PROVIDERS", WatchedHome.providers())
        .with("SERAI_WEBHOOK_URL", backend.url() + "/hooks")
        .with(
            "SERAI_OUTGOING_ALLOW",
            "127.0.0.1:%d,%s,%s"
                .formatted(helpdesk.uri().getPort(), echo.address(), backend.address()))
        .read(WatchedHome.in(folder));
  }

  private static Simulator.Options helpdesk() {
    return Simulator.Options.TESTS.withTickets(60).withApiKey(SAMPLE_KEY);
  }

  private static String webhooks(FakeProvider backend) {
    return backend.requests().stream().map(FakeProvider.Request::body).toList().toString();
  }

  private void integration(String provider) throws Exception {
    String body = "{\"provider\":\"%1$s\",\"unique_key\":\"%1$s\"}".formatted(provider);
    assertThat(answer("integration " + provider, "POST", "/integrations", body)).isEqualTo(200);
  }

  /**
   * Not kept among the answers: whoever imports credentials is shown them, as the contract says.
   */
  private int connect(String provider, String connection, String key, String url) throws Exception {
    HttpResponse<String> made =
        send(
            "POST",
            "/connections",
            "{\"provider_config_key\":\"%s\",\"connection_id\":\"%s\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"%s\"},\"connection_config\":{\"url\":\"%s\"}}"
                .formatted(provider, connection, key, url));
    if (made.statusCode() >= 400) {
      answers.put("connect " + connection, made.headers() + made.body());
    }
    return made.statusCode();
  }

  private int act(String provider, String connection, String action, String input)
      throws Exception {
    return answer(
        "action " + action + " " + input,
        "POST",
        "/action/trigger",
        "{\"action_name\":\"%s\",\"input\":%s}".formatted(action, input),
        "Provider-Config-Key",
        provider,
        "Connection-Id",
        connection);
  }

  private int answer(String name, String method, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = send(method, path, body, headers);
    answers.put(name, answer.statusCode() + " " + answer.headers() + answer.body());
    return answer.statusCode();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + settings.listening().port() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + DEV_KEY)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String management(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + settings.listening().managementPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  static String masterKey() {
    byte[] key = new byte[32];
    RandomGenerator.getDefault().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}

package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.app.Serai;
import dev.serai.app.Settings;
import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.OAuthSteering;
import dev.serai.sample.Simulator;
import dev.serai.sample.oauth.OAuthOptions;
import dev.serai.support.FakeProvider;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import dev.serai.vault.MasterKey;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Vault;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I6 for grants: tokens that are used, renewed, lost and refused, the app's own secrets, and what
 * customers enter, against a token endpoint that repeats whatever it was sent.
 */
@Timeout(300)
class GrantCanaryTest {
  /**
   * A multiple of three letters: then its base64 begins the base64 of what it stands in front of.
   */
  private static final String MARK = "canary-grant-xy" + UUID.randomUUID();

  private static final String CLIENT_SECRET = "canary-client-" + UUID.randomUUID();
  private static final String WEBHOOK_SECRET = "canary-webhook-" + UUID.randomUUID();
  private static final String PRIVATE_KEY = "canary-private-" + UUID.randomUUID();
  private static final String PASSWORD = "canary-password-" + UUID.randomUUID();
  private static final String SECRET_CONFIG = "canary-config-" + UUID.randomUUID();
  private static final String HELPDESK_KEY = "canary-helpdesk-" + UUID.randomUUID();
  private static final String DEV_KEY = UUID.randomUUID().toString();
  private static final String MASTER_KEY = CanaryTest.masterKey();

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, String> answers = new TreeMap<>();
  private final DatabaseAddress database = TestServer.shared().emptyDatabase();
  private Settings settings;
  private String session = "";

  @Test
  void a_grant_leaves_no_trace_but_its_sealed_one() throws Exception {
    Canary canary =
        Canary.of(
            MARK,
            CLIENT_SECRET,
            "serai-sample:" + CLIENT_SECRET,
            WEBHOOK_SECRET,
            PRIVATE_KEY,
            PASSWORD,
            "ben:" + PASSWORD,
            SECRET_CONFIG,
            HELPDESK_KEY,
            DEV_KEY,
            MASTER_KEY);
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
        places.putAll(Places.threads(folder));
        places.putAll(Places.files(folder));
        places.put("metrics", management("/metrics"));
        places.put("health", management("/health"));
        places.put("readiness", management("/ready"));
      }
      backend.requests().forEach(hook -> places.put("webhook " + hook.headers(), hook.body()));
      assertThat(places.toString()).as("somebody is told").contains("\"operation\":\"refresh\"");
      assertThat(logs.written()).as("logs").isEmpty();
      assertThat(logs.raw()).as("logs before the redactor").isEmpty();
      System.out.printf(
          "grant canary: %,d log events, %,d places (%d webhooks out, %s in, %d answers), %d tokens given out%n",
          logs.events(),
          places.size(),
          backend.requests().size(),
          helpdesk.control().webhooks(),
          answers.size(),
          helpdesk.control().oauth().secrets().size());
    }
    places.putAll(answers);
    Canary all = canary.and(session);
    Map<String, String> hits = new TreeMap<>();
    places.forEach(
        (place, text) -> all.in(place + " " + text).ifPresent(hit -> hits.put(place, hit)));
    assertThat(hits).isEmpty();
  }

  private void live(Simulator helpdesk, FakeProvider echo, FakeProvider backend) throws Exception {
    integrations();
    session =
        Json.parse(
                send(
                        "POST",
                        "/connect/sessions",
                        "{\"end_user\":{\"id\":\"u\"},\"allowed_integrations\":[\"sample\"]}")
                    .body())
            .at("/data/token")
            .asText();
    assertThat(session).startsWith("nango_connect_session_");
    answer("session that is none", "GET", "/connect/session", "", "X-Note", "none");
    String pair = "\"type\":\"BASIC\",\"username\":\"ben\",\"password\":\"" + PASSWORD + "\"";
    String config = "\"url\":\"%s\",\"secret\":\"%s\"".formatted(echo.url(), SECRET_CONFIG);
    answer(
        "bad import", "POST", "/connections", connection("echo", "x", pair + ",\"y\":1", config));
    assertThat(send("POST", "/connections", connection("echo", "ben", pair, config)).statusCode())
        .isEqualTo(201);
    for (String how : new String[] {"refuse", "fail", "text", "nicely"}) {
      act("echo", "ben", "ask", "{\"how\":\"" + how + "\"}");
    }
    String key = "\"type\":\"API_KEY\",\"apiKey\":\"" + HELPDESK_KEY + "\"";
    String url = "\"url\":\"" + helpdesk.uri() + "\"";
    assertThat(send("POST", "/connections", connection("sample", "ann", key, url)).statusCode())
        .isEqualTo(201);
    helpdesk.control().webhook(URI.create(address(webhooks())), WEBHOOK_SECRET);
    answer("forged", "POST", webhooks(), "{}", "X-Sample-Signature", "t=1,v1=" + WEBHOOK_SECRET);
    grow(helpdesk, backend);
  }

  /** Where the helpdesk tells Serai of its changes. */
  private String webhooks() {
    try (Database direct = new Database(database, Database.Limits.DEFAULT)) {
      return "/webhook/%s/sample"
          .formatted(
              direct.<String>read(handle ->
                  handle
                      .createQuery("select uuid::text from environment where name = 'dev'")
                      .mapTo(String.class)
                      .one()));
    }
  }

  private String address(String path) {
    return "http://127.0.0.1:" + settings.listening().port() + path;
  }

  /** A grant that is renewed, after every kind of trouble, until it is over. */
  private void grow(Simulator helpdesk, FakeProvider backend) throws Exception {
    OAuthSteering oauth = helpdesk.control().oauth();
    holding(oauth.grant("alice"));
    assertThat(create()).isEqualTo(200);
    for (String kind : new String[] {"echo", "html", "status"}) {
      oauth.expireAccess();
      fault(helpdesk, kind, 500, "server_error");
      assertThat(create()).as(kind).isGreaterThanOrEqualTo(400);
      helpdesk.control().noFaults();
      patient();
    }
    assertThat(create()).as("renewed").isEqualTo(200);
    assertThat(oauth.count("refreshes")).isEqualTo(1);
    patient();
    oauth.expireAccess();
    fault(helpdesk, "echo", 400, "invalid_grant");
    assertThat(create()).as("refused").isGreaterThanOrEqualTo(400);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> backend.requests().toString().contains("\"operation\":\"refresh\""));
    answer("connections", "GET", "/connections", "");
    answer("status", "GET", "/sync/status?syncs=*&provider_config_key=sample", "");
  }

  private int create() throws Exception {
    return act("sample", "ann", "create-ticket", "{\"title\":\"Printer\"}");
  }

  private static void fault(Simulator helpdesk, String kind, int status, String error) {
    helpdesk
        .control()
        .fault(
            Json.object()
                .put("kind", kind)
                .put("path", "/oauth/token")
                .put("status", status)
                .put("error", error)
                .put("times", 100));
  }

  /** Gives ann's connection a grant, as a popup would. */
  private void holding(JsonNode tokens) {
    try (Database direct = new Database(database, Database.Limits.DEFAULT);
        StoredKeys keys = new StoredKeys(direct, MasterKey.parse(MASTER_KEY), null)) {
      direct.useTransaction(handle -> {
        long id =
            handle
                .createQuery("select id from connection where connection_id = 'ann'")
                .mapTo(Long.class)
                .one();
        ObjectNode credentials = Json.object().put("type", "OAUTH2");
        credentials.put("access_token", tokens.path("access_token").asText());
        credentials.put("refresh_token", tokens.path("refresh_token").asText());
        credentials.set("raw", tokens);
        byte[] sealed =
            new Vault(keys).seal("credential", Long.toString(id), Json.write(credentials));
        handle.execute(
            "update credential set type = 'OAUTH2', sealed = ?, generation = generation + 1 where connection = ?",
            sealed,
            id);
      });
    }
  }

  /** As if time had passed: another attempt is due, and the token in force is an old one. */
  private void patient() {
    try (Database direct = new Database(database, Database.Limits.DEFAULT)) {
      direct.useTransaction(
          handle -> handle.execute("update token_refresh set retry_at = null, refused = false"));
    }
  }

  private void integrations() throws Exception {
    String app =
        "{\"type\":\"OAUTH2\",\"client_id\":\"serai-sample\",\"client_secret\":\"%s\",\"webhook_secret\":\"%s\"%s}";
    String body = "{\"provider\":\"sample\",\"unique_key\":\"sample\",\"credentials\":%s}";
    answer(
        "bad app",
        "POST",
        "/integrations",
        body.formatted(app.formatted(CLIENT_SECRET, WEBHOOK_SECRET, ",\"colour\":1")));
    answer(
        "bad key",
        "POST",
        "/integrations",
        body.formatted(
            "{\"type\":\"APP\",\"app_id\":\"1\",\"app_link\":\"x\",\"private_key\":\"%s\"}"
                .formatted(PRIVATE_KEY)));
    answer("cut off", "POST", "/integrations", "{\"client_secret\":\"" + CLIENT_SECRET);
    String good = body.formatted(app.formatted(CLIENT_SECRET, WEBHOOK_SECRET, ""));
    assertThat(send("POST", "/integrations", good).statusCode()).isEqualTo(200);
    answer("integration", "GET", "/integrations/sample", "");
    answer("echo", "POST", "/integrations", "{\"provider\":\"echo\",\"unique_key\":\"echo\"}");
  }

  private Settings settings(Simulator helpdesk, FakeProvider echo, FakeProvider backend)
      throws Exception {
    Path provider = Files.createDirectories(folder.resolve("providers/echo"));
    Files.createDirectories(provider.resolve("actions"));
    Files.writeString(
        provider.resolve("provider.yaml"),
        """
        name: echo
        display_name: Echo
        auth: {type: basic}
        base_url: "${connection_config.url}"
        connection_config:
          url: {title: URL, description: Where it listens, pattern: 'http://[^?#]+', example: "http://a"}
          secret: {title: Secret, description: Of the tenant, pattern: '.+', example: s, secret: true}
        headers: {X-Tenant: "${connection_config.secret}"}
        retry: {max_attempts: 1}
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
        """);
    return new TestSettings(folder.resolve("data"))
        .with(database)
        .with("SERAI_ENCRYPTION_KEY", MASTER_KEY)
        .with("SERAI_SECRET_KEY_DEV", DEV_KEY)
        .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
        .with("SERAI_WEBHOOK_URL", backend.url() + "/hooks")
        .with(
            "SERAI_OUTGOING_ALLOW",
            "127.0.0.1:%d,%s,%s"
                .formatted(helpdesk.uri().getPort(), echo.address(), backend.address()))
        .read(Path.of("").toAbsolutePath());
  }

  private static Simulator.Options helpdesk() {
    return Simulator.Options.TESTS
        .withTickets(20)
        .withApiKey(HELPDESK_KEY)
        .withOAuth(OAuthOptions.TESTS.withClientSecret(CLIENT_SECRET).withMark(MARK));
  }

  private static String connection(String key, String id, String credentials, String config) {
    return "{\"provider_config_key\":\"%s\",\"connection_id\":\"%s\",\"credentials\":{%s},\"connection_config\":{%s}}"
        .formatted(key, id, credentials, config);
  }

  private int act(String key, String connection, String action, String input) throws Exception {
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

  private int answer(String name, String method, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = send(method, path, body, headers);
    answers.put(name, answer.statusCode() + " " + answer.headers() + answer.body());
    return answer.statusCode();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address(path)))
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
    URI uri = URI.create("http://127.0.0.1:" + settings.listening().managementPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}

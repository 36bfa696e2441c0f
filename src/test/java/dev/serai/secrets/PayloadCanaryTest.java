package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import dev.serai.app.Serai;
import dev.serai.app.Settings;
import dev.serai.database.DatabaseAddress;
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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * With sealed payloads, what a provider's records say is nowhere in the database, whatever becomes
 * of them: saved, changed, deleted, refused, failed to map, or come in an answer that is an error.
 */
@Timeout(300)
class PayloadCanaryTest {
  private static final String CANARY = "canary-payload-" + UUID.randomUUID();
  private static final Canary SPELLINGS = Canary.of(CANARY);

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final DatabaseAddress database = TestServer.shared().emptyDatabase();
  private final Queue<String> logs = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> ear = new Ear();
  private volatile int version = 1;
  private Settings settings;

  @Test
  void what_records_say_is_nowhere_in_the_database() throws Exception {
    try (FakeProvider notes = new FakeProvider().answering(this::answer);
        FakeProvider backend =
            new FakeProvider().answering(request -> FakeProvider.Answer.status(200))) {
      settings = settings(notes, backend, false);
      try (Serai serai = new Serai(settings)) {
        serai.start();
        live(notes, backend);
      }
      Map<String, String> plain = hits(Places.rows(database));
      assertThat(plain.keySet().toString())
          .as("in the clear they are there to be found")
          .contains("record row", "record_history row", "quarantine row");

      version = 2;
      settings = settings(notes, backend, true);
      try (Serai serai = new Serai(settings)) {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        Appender<ILoggingEvent> console = root.getAppender("console");
        root.detachAppender(console);
        root.setLevel(Level.INFO);
        ear.setContext(root.getLoggerContext());
        ear.start();
        root.addAppender(ear);
        serai.start();
        again(backend);
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(() -> assertThat(hits(Places.rows(database))).isEmpty());
        assertThat(send("GET", "/connections/ann/quarantine?provider_config_key=notes", "").body())
            .as("opened for who may read it")
            .contains(CANARY, "holds the character U+0000");
        assertThat(
                send(
                        "GET",
                        "/records?model=Note",
                        "",
                        "Provider-Config-Key",
                        "notes",
                        "Connection-Id",
                        "ann")
                    .body())
            .as("opened for the backend")
            .contains("\"" + CANARY + " 2\"");
        root.detachAppender(ear);
        root.setLevel(before);
        if (console != null) { // another test of this JVM may have taken it away
          root.addAppender(console);
        }
      }
      Map<String, String> places = new TreeMap<>(Places.rows(database));
      String tables = places.keySet().toString();
      assertThat(tables)
          .contains(
              "record row",
              "record_history row",
              "quarantine row",
              "sync_run row",
              "seen row",
              "message row",
              "action_run row",
              "data_key row");
      assertThat(places.toString()).as("failures are told").contains("mapping_failed");
      places.putAll(Places.files(folder.resolve("data")));
      backend.requests().forEach(hook -> places.put("webhook " + hook.headers(), hook.body()));
      assertThat(hits(places)).isEmpty();
      assertThat(logs).hasSizeGreaterThan(5).noneMatch(line -> SPELLINGS.in(line).isPresent());
      System.out.printf(
          "payload canary: %d places with it in the clear; sealed: none in %d (%d rows of %d tables, %d webhooks), none in %d log lines%n",
          plain.size(),
          places.size(),
          Places.rows(database).size(),
          Places.rows(database).keySet().stream()
              .map(place -> place.replaceAll(" row .*", ""))
              .distinct()
              .count(),
          backend.requests().size(),
          logs.size());
    }
  }

  private static Map<String, String> hits(Map<String, String> places) {
    Map<String, String> hits = new TreeMap<>();
    places.forEach((place, text) -> SPELLINGS.in(text).ifPresent(hit -> hits.put(place, hit)));
    return hits;
  }

  private void live(FakeProvider notes, FakeProvider backend) throws Exception {
    assertThat(
            send("POST", "/integrations", "{\"provider\":\"notes\",\"unique_key\":\"notes\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            send(
                    "POST",
                    "/connections",
                    "{\"provider_config_key\":\"notes\",\"connection_id\":\"ann\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"hushhush-key\"},\"connection_config\":{\"url\":\"%s\"}}"
                        .formatted(notes.url()))
                .statusCode())
        .isEqualTo(201);
    awaitHook(backend, 0);
  }

  /** Everything once more, changed, with failures and an action. */
  private void again(FakeProvider backend) throws Exception {
    int before = backend.requests().size();
    send(
        "POST",
        "/sync/trigger",
        "{\"provider_config_key\":\"notes\",\"connection_id\":\"ann\",\"syncs\":[\"notes\",\"broken\",\"garbled\",\"unmapped\"]}");
    awaitHook(backend, before);
    String asked = "{\"action_name\":\"ask\",\"input\":{\"text\":\"%s\"}}".formatted(CANARY);
    assertThat(
            send(
                    "POST",
                    "/action/trigger",
                    asked,
                    "Provider-Config-Key",
                    "notes",
                    "Connection-Id",
                    "ann")
                .body())
        .contains(CANARY);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            Places.rows(database).values().stream()
                .anyMatch(row -> row.contains("mapping_failed")));
  }

  private static void awaitHook(FakeProvider backend, int before) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            backend.requests().stream()
                .skip(before)
                .anyMatch(hook -> hook.body().contains("\"model\":\"Note\",")));
  }

  private FakeProvider.Answer answer(FakeProvider.Request request) {
    return switch (request.path()) {
      case "/v1/broken" -> FakeProvider.Answer.json(500, "{\"error\":\"%s\"}".formatted(CANARY));
      case "/v1/garbled" -> FakeProvider.Answer.json("<html>" + CANARY);
      default ->
          FakeProvider.Answer.json(
              """
              {"notes": [
                {"id": "kept", "text": "%1$s"},
                {"id": "changed", "text": "%1$s %2$d"},
                {"id": "changed-too", "text": "%1$s %2$d", "nested": [{"%1$s": true}]},
                {"id": "refused", "text": "%1$s \\u0000"},
                {"text": "%1$s"}
                %3$s]}
              """
                  .formatted(
                      CANARY,
                      version,
                      version == 1 ? ", {\"id\": \"gone\", \"text\": \"" + CANARY + "\"}" : ""));
    };
  }

  private Settings settings(FakeProvider notes, FakeProvider backend, boolean encrypt)
      throws Exception {
    Path provider = Files.createDirectories(folder.resolve("providers/notes"));
    for (String each : List.of("syncs", "actions", "mappings")) {
      Files.createDirectories(provider.resolve(each));
    }
    Files.writeString(
        provider.resolve("provider.yaml"),
        """
        name: notes
        display_name: Notes
        auth: {type: api_key, name: Authorization, prefix: "Bearer "}
        base_url: "${connection_config.url}"
        connection_config:
          url: {title: URL, description: Where it listens, pattern: 'http://[^?#]+', example: "http://a"}
        retry: {max_attempts: 1}
        streams:
          notes: {request: {path: /v1/notes}, records: {path: .notes}, pagination: {type: none}}
          broken: {request: {path: /v1/broken}, records: {path: .notes}, pagination: {type: none}}
          garbled: {request: {path: /v1/garbled}, records: {path: .notes}, pagination: {type: none}}
          unmapped: {request: {path: /v1/unmapped}, records: {path: .notes}, pagination: {type: none}}
        """);
    Files.writeString(
        provider.resolve("mappings/strict.jslt"), "{\"id\": .id, \"number\": number(.text)}\n");
    for (String sync : List.of("notes", "broken", "garbled", "unmapped")) {
      String mapping =
          sync.equals("unmapped")
              ? "- to: {id: notes-sync-unmapped-map, uri: \"mapping:notes/strict\"}\n          "
              : "";
      Files.writeString(
          provider.resolve("syncs/" + sync + ".camel.yaml"),
          """
          - route:
              id: notes-sync-%1$s
              description: Notes
              group: notes
              from:
                uri: sync:notes/%1$s
                parameters: {model: Note, every: 15m}
                steps:
                  %2$s- to: {id: notes-sync-%1$s-save, uri: "records:Note"}
          """
              .formatted(sync, mapping.replace("\n          ", "\n        ")));
    }
    Files.writeString(
        provider.resolve("actions/ask.camel.yaml"),
        """
        - route:
            id: notes-action-ask
            description: Asks
            group: notes
            from:
              uri: action:notes/ask
              steps:
                - to: {id: notes-action-ask-send, uri: "provider:notes", parameters: {method: POST, path: /v1/ask}}
        """);
    return new TestSettings(folder.resolve("data"))
        .with(database)
        .with("SERAI_RECORDS_ENCRYPT", Boolean.toString(encrypt))
        .with("SERAI_MODEL_NOTE_HISTORY", "30d")
        .with("SERAI_HOUSEKEEPING_CRON", "* * * * * ?")
        .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
        .with("SERAI_WEBHOOK_URL", backend.url() + "/hooks")
        .with("SERAI_OUTGOING_ALLOW", notes.address() + "," + backend.address())
        .read(Path.of("").toAbsolutePath());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + settings.listening().port() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + TestSettings.DEV_KEY)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As much as a Serai says by itself. */
  private final class Ear extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      String thrown =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      logs.add(event.getFormattedMessage() + event.getMDCPropertyMap() + thrown);
    }
  }
}

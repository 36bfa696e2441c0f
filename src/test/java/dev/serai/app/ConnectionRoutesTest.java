package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.DatabaseAddress;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The provider of docs/adding-a-provider.md in a whole Serai: before its first sync, and at the
 * end.
 */
@Timeout(90)
class ConnectionRoutesTest {
  private static final Pattern FILE =
      Pattern.compile(
          "^`(providers/[^`]+)`\n```\\w+\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private String url = "";

  @Test
  void what_the_routes_of_a_folder_do_happens_before_the_first_sync_and_before_the_deletion()
      throws Exception {
    providers();
    DatabaseAddress address = TestServer.shared().freshDatabase();
    CountDownLatch gate = new CountDownLatch(1);
    try (FakeProvider gitea = new FakeProvider().answering(request -> answer(request, gate))) {
      Settings settings =
          new TestSettings(folder.resolve("data"))
              .with(address)
              .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
              .with("SERAI_OUTGOING_ALLOW", gitea.address())
              .read(Path.of("").toAbsolutePath());
      url = "http://127.0.0.1:" + settings.listening().port();
      Serai serai = new Serai(settings);
      serai.start();
      try {
        api("POST", "/integrations", "{\"unique_key\":\"gitea\",\"provider\":\"gitea\"}");
        JsonNode made =
            api(
                "POST",
                "/connections",
                """
                {"provider_config_key":"gitea","connection_id":"me","metadata":{"keep":1},
                 "connection_config":{"url":"%s","repository":"harbour/cranes"},
                 "credentials":{"type":"API_KEY","apiKey":"hushhush-secret-1"}}
                """
                    .formatted(gitea.url()));
        assertThat(made.path("connection_id").asText()).isEqualTo("me");

        await().until(() -> paths(gitea).contains("/labels"));
        assertThat(syncCalls(gitea)).isZero();
        gate.countDown();
        await().atMost(Duration.ofSeconds(20)).until(() -> syncCalls(gitea) > 0);

        assertThat(api("GET", "/connections/me?provider_config_key=gitea", "").path("metadata"))
            .isEqualTo(Json.parse("{\"keep\":1,\"labels\":[\"bug\",\"wish\"]}"));
        assertThat(
                api("DELETE", "/connections/me?provider_config_key=gitea", "")
                    .path("success")
                    .asBoolean())
            .isTrue();
        assertThat(gitea.requests())
            .filteredOn(request -> request.method().equals("DELETE"))
            .singleElement()
            .satisfies(request -> {
              assertThat(request.path()).endsWith("/hooks/serai");
              assertThat(request.headers())
                  .containsEntry("authorization", "token hushhush-secret-1");
            });
      } finally {
        serai.stop();
      }
    }
    TestServer.shared().drop(address);
  }

  private static Answer answer(FakeProvider.Request request, CountDownLatch gate) {
    if (request.path().endsWith("/labels")) {
      try {
        var unused = gate.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Answer.json("[{\"name\":\"bug\"},{\"name\":\"wish\"}]");
    }
    return request.path().endsWith("/issues") ? Answer.json("[]") : Answer.status(500);
  }

  private static List<String> paths(FakeProvider gitea) {
    return gitea.requests().stream().map(request -> request.path().replaceAll(".*/", "/")).toList();
  }

  /** Trying the credentials asks for one issue only. */
  private static long syncCalls(FakeProvider gitea) {
    return gitea.requests().stream()
        .filter(request -> request.path().endsWith("/issues") && request.number("limit", 0) != 1)
        .count();
  }

  private JsonNode api(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + TestSettings.DEV_KEY)
            .build();
    return Json.parse(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private void providers() throws Exception {
    Matcher files = FILE.matcher(Files.readString(Path.of("docs/adding-a-provider.md")));
    while (files.find()) {
      write(files.group(1), files.group(2));
    }
    write(
        "providers/gitea/connection/deleting.camel.yaml",
        """
        - route:
            id: gitea-connection-deleting
            description: Removes the webhook; that the server fails keeps no deletion
            group: gitea
            from:
              uri: connection:gitea/deleting
              steps:
                - to:
                    id: gitea-connection-deleting-hook
                    uri: provider:gitea
                    parameters: {method: DELETE, path: /hooks/serai}
        """);
  }

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

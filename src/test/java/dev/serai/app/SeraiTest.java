package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import dev.serai.vault.VaultException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SeraiTest {
  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void platformRoutes() throws Exception {
    Files.createDirectories(home.resolve("routes"));
    Files.copy(Path.of("routes/health.camel.yaml"), home.resolve("routes/health.camel.yaml"));
  }

  @Test
  void it_answers_health_readiness_and_metrics_and_stops_in_time() throws Exception {
    Settings settings = settings().read(home);
    Serai serai = new Serai(settings);
    serai.start();

    assertThat(get(settings.listening().port(), "/health").body()).isEqualTo("{\"result\":\"ok\"}");
    HttpResponse<String> ready = get(settings.listening().port(), "/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(get(settings.listening().port(), "/nowhere").body()).contains("not_found");
    assertThat(ready.headers().firstValue("X-Probe")).as("request headers come back").isEmpty();
    int management = settings.listening().managementPort();
    assertThat(get(management, "/health").statusCode()).isEqualTo(200);
    assertThat(get(management, "/metrics").body())
        .contains("serai_ready 1.0", "routeId=\"health-ready\"", "jvm_memory_used_bytes")
        .contains("serai_inbox_waiting 0.0", "serai_inbox_oldest_seconds", "serai_inbox_dead 0.0");

    long started = System.nanoTime();
    serai.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    assertThatThrownBy(() -> get(management, "/health")).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void a_broken_route_file_of_a_provider_is_refused_alone_with_file_and_line() throws Exception {
    provider("good", "from-timer", "log:good");
    Path broken = provider("broken", "indented", "log:broken");
    Files.writeString(broken, Files.readString(broken).replace("steps:", "stops:"));
    Path unread =
        provider("unread", "never", "log:never").getParent().resolveSibling("provider.yaml");
    Files.writeString(unread, Files.readString(unread) + "colour: blue\n");
    provider("unstartable", "option", "log:x?noSuchOption=1");
    Settings settings = settings().read(home);

    try (Serai serai = new Serai(settings)) {
      serai.start();

      JsonNode report = Json.parse(get(settings.listening().port(), "/ready").body());
      assertThat(report.path("ready").booleanValue()).isTrue();
      assertThat(report.path("refused").findValuesAsText("file"))
          .containsExactly(
              "providers/broken/syncs/indented.camel.yaml",
              "providers/unread/provider.yaml",
              "providers/unstartable/syncs/option.camel.yaml");
      assertThat(report.path("refused").path(0).path("reason").asText())
          .isEqualTo("line 9: Unsupported field: stops");
      assertThat(report.path("refused").path(1).path("reason").asText())
          .startsWith("line 5: ")
          .contains("colour");
      assertThat(report.path("refused").path(2).path("reason").asText()).contains("noSuchOption");
      assertThat(get(settings.listening().managementPort(), "/metrics").body())
          .contains("serai_routes_refused 3.0", "routeId=\"good-sync-from-timer\"");
    }
  }

  @Test
  void a_platform_route_that_cannot_be_loaded_stops_the_start() throws Exception {
    Files.writeString(home.resolve("routes/wrong.camel.yaml"), "- route:\n    fron: x\n");
    Settings settings = settings().read(home);

    try (Serai serai = new Serai(settings)) {
      assertThatThrownBy(serai::start)
          .isInstanceOf(RouteLoading.BrokenRoute.class)
          .hasMessageContaining("routes/wrong.camel.yaml")
          .hasMessageContaining("fron");
    }
  }

  @Test
  void a_broken_route_file_of_an_operator_is_refused_alone_with_file_and_line() throws Exception {
    Path mine = Files.createDirectories(home.resolve("mine"));
    Files.writeString(mine.resolve("a-broken.camel.yaml"), "- route:\n    fron: x\n");
    Files.writeString(
        mine.resolve("b-no-such-option.camel.yaml"), route("b", "timer:b?noSuchOption=1"));
    Files.writeString(mine.resolve("c-taken.camel.yaml"), route("health-ready", "timer:c"));
    Files.writeString(
        mine.resolve("d-good.camel.yaml"),
        route("d", "platform-http:/mine?httpMethodRestrict=GET"));
    Settings settings = settings().with("SERAI_ROUTES", "mine").read(home);

    try (Serai serai = new Serai(settings)) {
      serai.start();

      JsonNode report = Json.parse(get(settings.listening().port(), "/ready").body());
      assertThat(report.path("ready").booleanValue()).isTrue();
      assertThat(report.path("refused").findValuesAsText("file"))
          .containsExactly(
              "mine/a-broken.camel.yaml",
              "mine/b-no-such-option.camel.yaml",
              "mine/c-taken.camel.yaml");
      assertThat(report.at("/refused/0/reason").asText()).startsWith("line 2: ").contains("fron");
      assertThat(report.at("/refused/1/reason").asText()).contains("noSuchOption");
      assertThat(report.at("/refused/2/reason").asText()).contains("health-ready");
      assertThat(get(settings.listening().port(), "/mine").body()).isEqualTo("mine");
      assertThat(get(settings.listening().managementPort(), "/metrics").body())
          .contains("serai_routes_refused 3.0");
    }
  }

  private static String route(String id, String from) {
    return """
    - route:
        id: %s
        description: A route of a test
        group: mine
        from:
          uri: "%s"
          steps:
            - setBody: {constant: mine}
    """
        .formatted(id, from);
  }

  @Test
  void a_database_sealed_with_another_master_key_is_refused() throws Exception {
    TestSettings settings = settings();
    try (Serai serai = new Serai(settings.read(home))) {
      serai.start();
    }

    settings.with("SERAI_ENCRYPTION_KEY", "BBBBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    try (Serai serai = new Serai(settings.read(home))) {
      assertThatThrownBy(serai::start)
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("SERAI_ENCRYPTION_KEY");
    }
  }

  @Test
  void a_taken_port_is_named_with_its_setting() throws Exception {
    Settings settings = settings().read(home);
    try (ServerSocket taken =
            new ServerSocket(settings.listening().port(), 1, InetAddress.getLoopbackAddress());
        Serai serai = new Serai(settings)) {

      assertThatThrownBy(serai::start)
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("serai.port: 127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("SERAI_PORT");
    }
  }

  @Test
  void its_own_database_comes_back_after_a_kill_and_readiness_tells() throws Exception {
    Settings settings = new TestSettings(home.resolve("data")).read(home);
    Files.createDirectories(home.resolve("data"));
    Files.createSymbolicLink(home.resolve("data/server"), TestServer.binaries());

    try (Serai serai = new Serai(settings)) {
      serai.start();
      assertThat(serai.readiness().isReady()).isTrue();
      Path pidFile = home.resolve("data/database/postmaster.pid");
      long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());

      ProcessHandle.of(pid).orElseThrow().destroyForcibly();

      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> get(settings.listening().port(), "/ready").statusCode() == 503);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> get(settings.listening().port(), "/ready").statusCode() == 200);
    }
  }

  private TestSettings settings() {
    return new TestSettings(home.resolve("data")).with(TestServer.shared().emptyDatabase());
  }

  private Path provider(String name, String sync, String to) throws Exception {
    Path folder = Files.createDirectories(home.resolve("providers").resolve(name).resolve("syncs"));
    Files.writeString(
        folder.resolveSibling("provider.yaml"),
        "name: %s\ndisplay_name: Test\nauth: {type: none}\nbase_url: https://api.example\n"
            .formatted(name));
    return Files.writeString(
        folder.resolve(sync + ".camel.yaml"),
        """
        - route:
            id: %s-sync-%s
            description: A route of a test
            group: %s
            from:
              uri: timer:%s
              parameters: { delay: -1, repeatCount: 1 }
              steps:
                - to:
                    id: %s-log
                    uri: "%s"
        """
            .formatted(name, sync, name, name, name, to));
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("X-Probe", "1")
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}

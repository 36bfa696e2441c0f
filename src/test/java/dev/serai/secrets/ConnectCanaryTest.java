package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.app.Popup;
import dev.serai.database.Database;
import dev.serai.support.FakeProvider;
import dev.serai.vault.MasterKey;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Vault;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I6 for flows through a popup: states, cookies, code verifiers, codes, id tokens and session
 * tokens, with a provider that answers well, refuses, repeats what it was told, or says nothing.
 */
@Timeout(300)
class ConnectCanaryTest {
  private static final String[][] CODE = {
    {
      "code/provider.yaml",
      """
      name: code
      display_name: Code
      auth:
        type: oauth2_code
        authorize_url: "@url/authorize"
        token_url: "@url/token"
      base_url: "@url"
      retry: {max_attempts: 1}
      """
    }
  };

  @TempDir Path folder;
  private final CountDownLatch given = new CountDownLatch(1);
  private volatile FakeProvider.Answer token = FakeProvider.Answer.status(404);
  private CanaryWorld world;
  private Browsers browsers;

  @Test
  void a_flow_leaves_no_trace_but_its_sealed_ones() throws Exception {
    Canary canary = CanaryWorld.canary();
    try (Eavesdropper logs = new Eavesdropper(canary);
        CanaryWorld opened = new CanaryWorld(folder, request -> token(request), CODE)) {
      world = opened;
      browsers = new Browsers(world);
      live();
      Map<String, String> places = world.places();
      Canary all = canary.and(browsers.late);
      System.out.printf(
          "connect canary: %,d log events, %,d places (%d webhooks out, %d pages and frames), %d secrets drawn by Serai, %d by the helpdesk%n",
          logs.events(),
          places.size(),
          world.backend.requests().size(),
          world.answers.size(),
          browsers.late.size(),
          world.helpdesk.control().oauth().secrets().size());
      assertThat(world.backend.requests().toString()).contains("\"operation\":\"creation\"");
      assertThat(places.keySet()).anyMatch(place -> place.startsWith("oauth_flow row"));
      assertThat(browsers.late).hasSizeGreaterThan(30).allMatch(secret -> secret.length() > 20);
      assertThat(CanaryWorld.hits(places, all)).isEmpty();
      assertThat(logs.written()).as("logs").isEmpty();
      assertThat(logs.raw()).as("logs before the redactor").isEmpty();
      assertThat(logs.with(all)).as("logs with what was known later").isEmpty();
    }
  }

  private void live() throws Exception {
    String app =
        "{\"provider\":\"%1$s\",\"unique_key\":\"%1$s\",\"credentials\":{\"type\":\"OAUTH2\",\"client_id\":\"serai-sample\",\"client_secret\":\"%2$s\"}}";
    for (String key : List.of("sample", "code")) {
      String body = app.formatted(key, CanaryWorld.CLIENT_SECRET);
      assertThat(world.send("POST", "/integrations", body).statusCode()).isEqualTo(200);
    }
    CompletableFuture<Void> silent = silence();
    consents();
    refusals();
    for (String kind :
        List.of("echo", "html", "html_after", "status", "dropped", "truncated", "empty")) {
      fault(kind);
      browsers.page("fault " + kind, browsers.begin("sample", ""), "alice", 400);
      world.helpdesk.control().noFaults();
    }
    idTokens();
    pending();
    silent.get(90, TimeUnit.SECONDS);
    browsers.late.addAll(world.helpdesk.control().oauth().secrets());
    world.answer("connections", "GET", "/connections", "");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> world.backend.requests().toString().contains("\"operation\":\"creation\""));
  }

  private void consents() throws Exception {
    WebSocket socket = browsers.listen();
    browsers.page("good", browsers.begin("sample", browsers.waiting()), "alice", 200);
    browsers.frame("good frame", "success");
    socket.abort();

    Browsers.Way twice = browsers.begin("sample", "");
    String callback = Popup.decide(twice.consent(), "alice", "allow");
    Map<String, String> cookies = Map.copyOf(twice.popup().cookies);
    browsers.kept("first", twice.popup().get(callback), 200);
    twice.popup().cookies.putAll(cookies);
    browsers.kept("twice", twice.popup().get(callback), 400);

    Browsers.Way mine = browsers.begin("sample", "");
    String stolen = Popup.decide(mine.consent(), "alice", "allow");
    browsers.kept("other browser", new Popup(world.url()).get(stolen), 400);
    browsers.kept(
        "no state", mine.popup().get(stolen.replaceAll("state=[^&]+", "state=guess")), 400);
  }

  private void refusals() throws Exception {
    browsers.page("denied", browsers.begin("sample", ""), "", 400);
    WebSocket socket = browsers.listen();
    Browsers.Way way = browsers.begin("sample", browsers.waiting());
    String words = "no such secret: %s, state %s".formatted(CanaryWorld.CLIENT_SECRET, way.state());
    String told = URLEncoder.encode(words, StandardCharsets.UTF_8);
    browsers.kept(
        "told the secret",
        way.popup()
            .get(
                world.url()
                    + "/oauth/callback?error=invalid_client&error_description=%s&state=%s"
                        .formatted(told, way.state())),
        400);
    browsers.frame("told frame", "error");
    socket.abort();
  }

  /** Another provider: its codes and tokens are the test's, and its refusals repeat everything. */
  private void idTokens() throws Exception {
    String tokens =
        "\"access_token\":\"%1$s-a\",\"refresh_token\":\"%1$s-r\",\"id_token\":\"%1$s-i\""
            .formatted(CanaryWorld.MARK);
    token = FakeProvider.Answer.json("{" + tokens + ",\"expires_in\":3600}");
    callback("id token", 200);
    for (int status : new int[] {400, 401, 500}) {
      token = FakeProvider.Answer.json(status, "{\"error\":\"invalid_grant\"}");
      callback("refused " + status, 400);
    }
    token = FakeProvider.Answer.json("{\"id_token\":\"" + CanaryWorld.MARK + "-i\"}");
    callback("only an id token", 400);
  }

  private void callback(String name, int status) throws Exception {
    Browsers.Way way = browsers.begin("code", "");
    String back = "/oauth/callback?code=" + CanaryWorld.MARK + "-code&state=" + way.state();
    browsers.kept(name, way.popup().get(world.url() + back), status);
  }

  private FakeProvider.Answer token(FakeProvider.Request request) {
    browsers.late.add(request.body().replaceAll(".*code_verifier=([^&]+).*", "$1"));
    if (request.body().contains("-silent")) {
      silent();
    }
    String told =
        Json.write(
            Json.object()
                .put("error", "invalid_grant")
                .put("id_token", CanaryWorld.MARK + "-i")
                .put("error_description", "you sent " + request.body() + " " + request.headers()));
    return token.status() == 200 ? token : FakeProvider.Answer.json(token.status(), told);
  }

  private void silent() {
    try {
      assertThat(given.await(90, TimeUnit.SECONDS)).as("Serai gives up first").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A flow that nobody ends: its row stays. */
  private void pending() throws Exception {
    browsers.begin("sample", "");
    try (Database direct = world.database();
        StoredKeys keys = new StoredKeys(direct, MasterKey.parse(CanaryWorld.MASTER_KEY), null)) {
      direct.useTransaction(handle ->
          handle
              .createQuery("select state, sealed from oauth_flow")
              .map((row, context) ->
                  new Vault(keys)
                      .openText(
                          "oauth_flow", HexFormat.of().formatHex(row.getBytes(1)), row.getBytes(2)))
              .forEach(flow ->
                  browsers.late.add(Json.parse(flow).at("/secrets/code_verifier").asText())));
    }
  }

  /** A token endpoint that does not answer in time, while everything else goes on. */
  private CompletableFuture<Void> silence() throws Exception {
    Browsers.Way way = browsers.begin("code", "");
    String back = "/oauth/callback?code=" + CanaryWorld.MARK + "-silent&state=" + way.state();
    return CompletableFuture.runAsync(() -> {
      try {
        browsers.kept("silent", way.popup().get(world.url() + back), 400);
      } catch (Exception e) {
        throw new AssertionError(e);
      } finally {
        given.countDown();
      }
    });
  }

  private void fault(String kind) {
    world
        .helpdesk
        .control()
        .fault(Json.object().put("kind", kind).put("path", "/oauth/token").put("times", 1));
  }
}

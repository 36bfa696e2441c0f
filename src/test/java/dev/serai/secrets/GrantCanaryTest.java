package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.sample.OAuthSteering;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I6 for grants: tokens that are used, renewed, lost and refused, the app's own secrets, and what
 * customers enter, against a token endpoint that repeats whatever it was sent.
 */
@Timeout(300)
class GrantCanaryTest {
  private static final String WEBHOOK_SECRET = "canary-webhook-" + UUID.randomUUID();
  private static final String PRIVATE_KEY = "canary-private-" + UUID.randomUUID();
  private static final String PASSWORD = "canary-password-" + UUID.randomUUID();
  private static final String SECRET_CONFIG = "canary-config-" + UUID.randomUUID();

  private static final String[][] ECHO = {
    {
      "echo/provider.yaml",
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
      """
    },
    {
      "echo/actions/ask.camel.yaml",
      """
      - route:
          id: echo-action-ask
          description: Asks
          group: echo
          from:
            uri: action:echo/ask
            steps:
              - to: {id: echo-action-ask-send, uri: "provider:echo", parameters: {method: POST, path: /v1/ask}}
      """
    }
  };

  @TempDir Path folder;
  private CanaryWorld world;
  private String session = "";

  @Test
  void a_grant_leaves_no_trace_but_its_sealed_one() throws Exception {
    Canary canary =
        CanaryWorld.canary()
            .and(WEBHOOK_SECRET)
            .and(PRIVATE_KEY)
            .and(PASSWORD)
            .and("ben:" + PASSWORD)
            .and(SECRET_CONFIG);
    try (Eavesdropper logs = new Eavesdropper(canary);
        CanaryWorld opened = new CanaryWorld(folder, CanaryTest::echo, ECHO)) {
      world = opened;
      live();
      Map<String, String> places = world.places();
      assertThat(places.toString()).as("somebody is told").contains("\"operation\":\"refresh\"");
      assertThat(logs.watched())
          .as("routes seen")
          .contains("provider-webhooks-receive", "rest-create-integration", "webhook-deliver");
      assertThat(logs.written()).as("logs").isEmpty();
      assertThat(logs.raw()).as("logs before the redactor").isEmpty();
      System.out.printf(
          "grant canary: %,d log events, %,d places (%d webhooks out, %s in, %d answers), %d tokens given out%n",
          logs.events(),
          places.size(),
          world.backend.requests().size(),
          world.helpdesk.control().webhooks(),
          world.answers.size(),
          world.helpdesk.control().oauth().secrets().size());
      assertThat(CanaryWorld.hits(places, canary.and(session))).isEmpty();
      // Told to the backend alone: it is good for a week.
      Canary link = Canary.of(reconnectToken());
      places.keySet().removeIf(place -> place.startsWith("webhook "));
      assertThat(CanaryWorld.hits(places, link)).isEmpty();
      assertThat(logs.with(link)).as("logs with the token of the reconnect link").isEmpty();
    }
  }

  private String reconnectToken() {
    String hooks = world.backend.requests().toString();
    Matcher token = Pattern.compile("nango_connect_session_[0-9a-f]{64}").matcher(hooks);
    assertThat(token.find()).as("the backend is given a reconnect link").isTrue();
    return token.group();
  }

  private void live() throws Exception {
    integrations();
    session = world.session();
    assertThat(session).startsWith("nango_connect_session_");
    world.answer("session that is none", "GET", "/connect/session", "", "X-Note", "none");
    String pair = "\"type\":\"BASIC\",\"username\":\"ben\",\"password\":\"" + PASSWORD + "\"";
    String config =
        "\"url\":\"%s\",\"secret\":\"%s\"".formatted(world.provider.url(), SECRET_CONFIG);
    world.answer(
        "bad import", "POST", "/connections", connection("echo", "x", pair + ",\"y\":1", config));
    assertThat(
            world
                .send("POST", "/connections", connection("echo", "ben", pair, config))
                .statusCode())
        .isEqualTo(201);
    for (String how : new String[] {"refuse", "fail", "text", "nicely"}) {
      world.act("echo", "ben", "ask", "{\"how\":\"" + how + "\"}");
    }
    String key = "\"type\":\"API_KEY\",\"apiKey\":\"" + CanaryWorld.HELPDESK_KEY + "\"";
    String url = "\"url\":\"" + world.helpdesk.uri() + "\"";
    assertThat(
            world.send("POST", "/connections", connection("sample", "ann", key, url)).statusCode())
        .isEqualTo(201);
    world.helpdesk.control().webhook(URI.create(world.url() + webhooks()), WEBHOOK_SECRET);
    world.answer(
        "forged", "POST", webhooks(), "{}", "X-Sample-Signature", "t=1,v1=" + WEBHOOK_SECRET);
    grow();
  }

  /** Where the helpdesk tells Serai of its changes. */
  private String webhooks() {
    return "/webhook/%s/sample".formatted(world.environment("uuid"));
  }

  /** A grant that is renewed, after every kind of trouble, until it is over. */
  private void grow() throws Exception {
    OAuthSteering oauth = world.helpdesk.control().oauth();
    holding(oauth.grant("alice"));
    assertThat(create()).isEqualTo(200);
    for (String kind : new String[] {"echo", "html", "status"}) {
      // One trouble follows the other: whoever looks after tokens must not find a gap between them.
      world.helpdesk.control().noFaults();
      fault(kind, 500, "server_error");
      oauth.expireAccess();
      patient();
      assertThat(create()).as(kind).isGreaterThanOrEqualTo(400);
    }
    world.helpdesk.control().noFaults();
    patient();
    assertThat(create()).as("renewed").isEqualTo(200);
    assertThat(oauth.count("refreshes")).isEqualTo(1);
    patient();
    oauth.expireAccess();
    fault("echo", 400, "invalid_grant");
    assertThat(create()).as("refused").isGreaterThanOrEqualTo(400);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> world.backend.requests().toString().contains("\"operation\":\"refresh\""));
    world.answer("connections", "GET", "/connections", "");
    world.answer("status", "GET", "/sync/status?syncs=*&provider_config_key=sample", "");
  }

  private int create() throws Exception {
    return world.act("sample", "bea", "create-ticket", "{\"title\":\"Printer\"}");
  }

  private void fault(String kind, int status, String error) {
    world
        .helpdesk
        .control()
        .fault(
            Json.object()
                .put("kind", kind)
                .put("path", "/oauth/token")
                .put("status", status)
                .put("error", error)
                .put("times", 100));
  }

  /** Makes bea's connection of a grant that another system got. */
  private void holding(JsonNode tokens) throws Exception {
    String grant =
        "\"type\":\"OAUTH2\",\"access_token\":\"%s\",\"refresh_token\":\"%s\""
            .formatted(tokens.path("access_token").asText(), tokens.path("refresh_token").asText());
    String url = "\"url\":\"" + world.helpdesk.uri() + "\"";
    assertThat(
            world
                .send("POST", "/connections", connection("sample", "bea", grant, url))
                .statusCode())
        .isEqualTo(201);
  }

  /** As if time had passed: another attempt is due, and the token in force is an old one. */
  private void patient() {
    try (Database direct = world.database()) {
      direct.useTransaction(
          handle -> handle.execute("update token_refresh set retry_at = null, refused = false"));
    }
  }

  private void integrations() throws Exception {
    String app =
        "{\"type\":\"OAUTH2\",\"client_id\":\"serai-sample\",\"client_secret\":\"%s\",\"webhook_secret\":\"%s\"%s}";
    String body = "{\"provider\":\"sample\",\"unique_key\":\"sample\",\"credentials\":%s}";
    world.answer(
        "bad app",
        "POST",
        "/integrations",
        body.formatted(app.formatted(CanaryWorld.CLIENT_SECRET, WEBHOOK_SECRET, ",\"colour\":1")));
    world.answer(
        "bad key",
        "POST",
        "/integrations",
        body.formatted(
            "{\"type\":\"APP\",\"app_id\":\"1\",\"app_link\":\"x\",\"private_key\":\"%s\"}"
                .formatted(PRIVATE_KEY)));
    world.answer(
        "cut off", "POST", "/integrations", "{\"client_secret\":\"" + CanaryWorld.CLIENT_SECRET);
    String good = body.formatted(app.formatted(CanaryWorld.CLIENT_SECRET, WEBHOOK_SECRET, ""));
    assertThat(world.send("POST", "/integrations", good).statusCode()).isEqualTo(200);
    world.answer("integration", "GET", "/integrations/sample", "");
    world.answer(
        "echo", "POST", "/integrations", "{\"provider\":\"echo\",\"unique_key\":\"echo\"}");
  }

  private static String connection(String key, String id, String credentials, String config) {
    return "{\"provider_config_key\":\"%s\",\"connection_id\":\"%s\",\"credentials\":{%s},\"connection_config\":{%s}}"
        .formatted(key, id, credentials, config);
  }
}

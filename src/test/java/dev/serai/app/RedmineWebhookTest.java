package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.Marked;
import dev.serai.support.TestSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From what a Redmine posts to the changed record, with the whole program between them. */
@Timeout(120)
class RedmineWebhookTest {
  private static final String SECRET = Marked.secret("redmine-webhooks");

  @TempDir Path folder;
  private volatile String subject = "Crane stops";
  private volatile Instant changed = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @Test
  void an_issue_that_changes_is_a_changed_record_as_soon_as_redmine_says_so() throws Exception {
    try (FakeProvider redmine = new FakeProvider().answering(this::answer);
        ConnectWorld world =
            new ConnectWorld(
                new TestSettings(folder.resolve("data"))
                    .with("SERAI_OUTGOING_ALLOW", redmine.address()),
                redmine.url())) {
      world.api("POST", "/integrations", "{\"provider\":\"redmine\",\"unique_key\":\"redmine\"}");
      ConnectWorld.Answer connected =
          world.api(
              "POST",
              "/connections",
              """
              {"provider_config_key":"redmine","connection_id":"harbour",
               "credentials":{"type":"API_KEY","apiKey":"key-of-a-test"},
               "connection_config":{"url":"%s","webhook_secret":"%s"}}
              """
                  .formatted(redmine.url(), SECRET));
      assertThat(connected.status()).as(connected.whole().body()).isEqualTo(201);
      awaitTitle(world, "Crane stops");

      subject = "Crane moves";
      changed = changed.plusSeconds(1);
      assertThat(post(world, "forged")).isEqualTo(401);
      assertThat(post(world, SECRET)).isEqualTo(200);

      awaitTitle(world, "Crane moves");
    }
  }

  private static void awaitTitle(ConnectWorld world, String title) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            world
                .api(
                    "GET",
                    "/records?model=Ticket",
                    "",
                    "Connection-Id",
                    "harbour",
                    "Provider-Config-Key",
                    "redmine")
                .at("/records/0/title")
                .equals(title));
  }

  private static int post(ConnectWorld world, String secret) throws Exception {
    String address =
        world.api("GET", "/integrations/redmine?include=webhook", "").at("/data/webhook_url");
    String body =
        "{\"type\":\"issue.updated\",\"timestamp\":\"%s\",\"data\":{\"issue\":{\"id\":11}}}"
            .formatted(Instant.now());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    return world
        .call(
            "POST",
            URI.create(address).getRawPath() + "?connection_id=harbour",
            body,
            "",
            "X-Redmine-Signature-256",
            "sha256=" + signature)
        .status();
  }

  private Answer answer(FakeProvider.Request request) {
    return switch (request.path()) {
      case "/users/current.json" -> Answer.json("{\"user\":{\"id\":7}}");
      case "/issues.json" ->
          Answer.json(
              """
              {"issues":[{"id":11,"subject":"%s","status":{"id":1,"name":"New"},"priority":{"name":"Normal"},
                "tracker":{"name":"Bug"},"created_on":"2026-01-05T07:00:00Z","updated_on":"%s"}],"total_count":1}
              """
                  .formatted(subject, changed));
      case "/projects.json" -> Answer.json("{\"projects\":[],\"total_count\":0}");
      case "/users.json" -> Answer.json("{\"users\":[],\"total_count\":0}");
      default -> Answer.status(404);
    };
  }
}

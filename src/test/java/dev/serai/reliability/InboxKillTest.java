package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.support.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while a provider sends webhooks: what was answered is done, what was not is sent
 * again as providers do, and nothing is done twice.
 */
class InboxKillTest {
  private static final long SEED = Long.getLong("serai.seed", 20_261_123);
  private static final String SECRET = "kill-webhook-secret";
  private static final int SENT_BETWEEN_KILLS = 40;

  private static final String PENDING =
      "select (select count(*) from webhook_arrival where state = 'arrived') + (select count(*) from webhook_task where state = 'pending')";

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private int answered;
  private int repeated;
  private long pending;

  @Test
  @Timeout(300)
  void two_kills_lose_no_webhook_and_do_none_twice() throws Exception {
    survive(2);
  }

  @Test
  @Tag("full")
  @Timeout(1800)
  void thirty_kills_lose_no_webhook_and_do_none_twice() throws Exception {
    survive(30);
  }

  private void survive(int kills) throws Exception {
    DatabaseAddress address = TestServer.shared().freshDatabase();
    try (Receiver backend = new Receiver();
        Simulator helpdesk = Simulator.start(Simulator.Options.TESTS.withTickets(1));
        SeraiProcess serai =
            new SeraiProcess(folder.resolve("node"))
                .with(address)
                .with("SERAI_WEBHOOK_URL", backend.uri().toString())
                .with(
                    "SERAI_OUTGOING_ALLOW",
                    "127.0.0.1:" + helpdesk.uri().getPort() + "," + backend.address());
        Database database =
            new Database(
                address, new Database.Limits(2, Duration.ofSeconds(20), Duration.ofSeconds(10)))) {
      serai.start();
      URI door = connected(serai, helpdesk, database);
      int ticket = 0;
      for (int kill = 0; kill < kills; kill++) {
        List<Integer> unanswered = new ArrayList<>();
        int at = ticket + 5 + random.nextInt(SENT_BETWEEN_KILLS - 5);
        for (int i = 0; i < SENT_BETWEEN_KILLS; i++) {
          ticket++;
          if (ticket == at) {
            serai.kill();
            pending += number(database, PENDING);
          }
          if (!delivered(door, ticket)) {
            unanswered.add(ticket);
          }
        }
        serai.start();
        for (int again : unanswered) {
          repeated++;
          await().atMost(Duration.ofSeconds(20)).until(() -> delivered(door, again));
        }
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> number(database, PENDING) == 0);

      assertThat(
              number(
                  database,
                  "select count(*) from record where writer = 'w' and deleted_at is null"))
          .as("saved")
          .isEqualTo(ticket);
      assertThat(number(database, "select count(distinct version) from record where writer = 'w'"))
          .as("each once")
          .isEqualTo(ticket);
      assertThat(
              number(
                  database,
                  "select c.version - (select count(*) from record r where r.collection = c.id and r.writer <> 'w') from collection c where c.model = 'Ticket'"))
          .as("no version twice")
          .isEqualTo(ticket);
      assertThat(number(database, "select count(*) from message where type = 'forward'"))
          .as("forwarded once")
          .isEqualTo(ticket);
      assertThat(number(database, "select count(*) from webhook_task where state = 'dead'"))
          .isZero();
      System.out.printf(
          "inbox kill test, seed %d: %d kills of Serai, %d webhooks answered and not done at that moment; %d webhooks in all, %d answered at first, %d sent again; 0 lost, 0 done twice%n",
          SEED, kills, pending, ticket, answered - repeated, repeated);
    } finally {
      TestServer.shared().drop(address);
    }
  }

  private static long number(Database database, String sql) {
    return database.read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  /** An integration that knows the secret, and a connection whose tickets only webhooks bring. */
  private static URI connected(SeraiProcess serai, Simulator helpdesk, Database database) {
    ObjectNode integration = Json.object().put("provider", "sample").put("unique_key", "sample");
    integration
        .putObject("credentials")
        .put("type", "OAUTH2")
        .put("client_id", "any")
        .put("client_secret", "any-secret")
        .put("webhook_secret", SECRET);
    JsonNode made = serai.api().send("POST", "/integrations", integration);
    assertThat(made.path("data").path("unique_key").asText()).as("%s", made).isEqualTo("sample");
    serai.api().connect("sample", "one", helpdesk.uri());
    serai.api().pause("sample", "one", "tickets");
    database.useTransaction(h -> h.execute("update connection set account = 'alice'"));
    JsonNode shown = serai.api().send("GET", "/integrations/sample?include=webhook", null);
    return URI.create(shown.at("/data/webhook_url").asText());
  }

  /** True if it was answered 200. */
  private boolean delivered(URI door, int ticket) throws Exception {
    String body =
        "{\"event\":\"ticket.created\",\"account\":{\"id\":\"alice\"},\"ticket\":{\"id\":%d,\"subject\":\"s\",\"state\":\"new\",\"priority\":1,\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\"}}"
            .formatted(1_000_000 + ticket);
    String t = Long.toString(Instant.now().getEpochSecond());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature =
        HexFormat.of().formatHex(mac.doFinal((t + "." + body).getBytes(StandardCharsets.UTF_8)));
    HttpRequest request =
        HttpRequest.newBuilder(door)
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .header("X-Sample-Delivery", "delivery-" + ticket)
            .header("X-Sample-Signature", "t=" + t + ",v1=" + signature)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      boolean taken = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
      answered += taken ? 1 : 0;
      return taken;
    } catch (IOException e) {
      return false;
    }
  }
}

package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.sample.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The webhooks of a helpdesk, one for each ticket, and the connections that they concern. */
final class HelpdeskWebhooks {
  static final String PENDING =
      "select (select count(*) from webhook_arrival where state = 'arrived') + (select count(*) from webhook_task where state = 'pending')";

  private static final String SECRET = "hushhush-kill-webhooks";

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final int connections;
  private final URI door;

  private HelpdeskWebhooks(int connections, URI door) {
    this.connections = connections;
    this.door = door;
  }

  /** An integration that knows the secret, and connections whose tickets only webhooks bring. */
  static HelpdeskWebhooks connect(
      SeraiProcess serai, Simulator helpdesk, Database database, int connections) {
    ObjectNode integration = Json.object().put("provider", "sample").put("unique_key", "sample");
    integration
        .putObject("credentials")
        .put("type", "OAUTH2")
        .put("client_id", "any")
        .put("client_secret", "any-secret")
        .put("webhook_secret", SECRET);
    JsonNode made = serai.api().send("POST", "/integrations", integration);
    assertThat(made.path("data").path("unique_key").asText()).as("%s", made).isEqualTo("sample");
    for (int i = 0; i < connections; i++) {
      serai.api().connect("sample", "customer-" + i, helpdesk.uri());
      serai.api().pause("sample", "customer-" + i, "tickets");
    }
    database.useTransaction(h -> h.execute("update connection set account = connection_id"));
    JsonNode shown = serai.api().send("GET", "/integrations/sample?include=webhook", null);
    return new HelpdeskWebhooks(connections, URI.create(shown.at("/data/webhook_url").asText()));
  }

  /** Sends the one of this ticket to this node; true if it was answered 200. */
  boolean delivered(SeraiProcess node, int ticket) throws Exception {
    String body =
        "{\"event\":\"ticket.created\",\"account\":{\"id\":\"customer-%d\"},\"ticket\":{\"id\":%d,\"subject\":\"s\",\"state\":\"new\",\"priority\":1,\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-01T00:00:00Z\"}}"
            .formatted(ticket % connections, 1_000_000 + ticket);
    String t = Long.toString(Instant.now().getEpochSecond());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature =
        HexFormat.of().formatHex(mac.doFinal((t + "." + body).getBytes(StandardCharsets.UTF_8)));
    HttpRequest request =
        HttpRequest.newBuilder(node.uri().resolve(door.getRawPath()))
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .header("X-Sample-Delivery", "delivery-" + ticket)
            .header("X-Sample-Signature", "t=" + t + ",v1=" + signature)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Every ticket was saved and told of exactly once. */
  static void assertEachDoneOnce(Database database, int tickets) {
    assertThat(
            number(
                database, "select count(*) from record where writer = 'w' and deleted_at is null"))
        .as("saved")
        .isEqualTo(tickets);
    assertThat(
            number(
                database,
                "select count(*) from (select distinct collection, version from record where writer = 'w')"))
        .as("each once")
        .isEqualTo(tickets);
    assertThat(
            number(
                database,
                "select (select sum(version) from collection where model = 'Ticket')::bigint - (select count(*) from record r join collection c on c.id = r.collection where c.model = 'Ticket' and r.writer <> 'w')"))
        .as("no version twice")
        .isEqualTo(tickets);
    assertThat(number(database, "select count(*) from message where type = 'forward'"))
        .as("forwarded once")
        .isEqualTo(tickets);
    assertThat(number(database, "select count(*) from webhook_task where state = 'dead'")).isZero();
  }

  static long number(Database database, String sql) {
    return database.read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what changed: from the moment that the webhook names, later from the cursor of the last
 * record it has. One thread at a time.
 */
final class Collector {
  private static final int SHOWN = 3;

  private record Place(String connection, String integration, String model) {}

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Map<Place, String> cursors = new HashMap<>();
  private final URI serai;
  private final String apiKey;
  private final Consumer<String> print;

  Collector(URI serai, String apiKey, Consumer<String> print) {
    this.serai = serai;
    this.apiKey = apiKey;
    this.print = print;
  }

  /** Prints what the webhook says, and collects if it tells of records. Never throws. */
  void told(JsonNode webhook) {
    print.accept("[backend] " + inWords(webhook));
    if (webhook.path("type").asText().equals("sync") && webhook.path("success").asBoolean()) {
      Place place =
          new Place(
              webhook.path("connectionId").asText(),
              webhook.path("providerConfigKey").asText(),
              webhook.path("model").asText());
      try {
        show(collect(place, webhook.path("modifiedAfter").asText()));
      } catch (IOException | IllegalStateException e) {
        print.accept("[backend] could not collect; the next webhook will: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String inWords(JsonNode webhook) {
    String from =
        "%s of connection %s"
            .formatted(
                webhook.path("providerConfigKey").asText(), webhook.path("connectionId").asText());
    if (webhook.path("type").asText().equals("auth")) {
      return auth(webhook, from);
    }
    if (!webhook.path("type").asText().equals("sync")) {
      return "webhook: %s, %s".formatted(webhook.path("type").asText(), from);
    }
    if (!webhook.path("success").asBoolean()) {
      return "webhook: sync %s failed, %s: %s"
          .formatted(
              webhook.path("syncName").asText(),
              from,
              webhook.at("/error/description").asText("no reason given"));
    }
    JsonNode counts = webhook.path("responseResults");
    return "webhook: %s, %s: %d added, %d updated, %d deleted"
        .formatted(
            webhook.path("model").asText(),
            from,
            counts.path("added").asLong(),
            counts.path("updated").asLong(),
            counts.path("deleted").asLong());
  }

  private static String auth(JsonNode webhook, String from) {
    String operation = webhook.path("operation").asText();
    if (webhook.path("success").asBoolean()) {
      return "webhook: auth %s, %s".formatted(operation, from);
    }
    // The link itself lets whoever reads it reconnect: it is for the customer, not for a log.
    return "webhook: auth %s failed, %s: %s%s"
        .formatted(
            operation,
            from,
            webhook.at("/error/description").asText("no reason given"),
            webhook.has("reconnectLink") ? "; it brings a link for the customer to reconnect" : "");
  }

  private List<JsonNode> collect(Place place, String modifiedAfter)
      throws IOException, InterruptedException {
    List<JsonNode> records = new ArrayList<>();
    String next;
    do {
      JsonNode page = page(place, modifiedAfter, cursors.get(place));
      for (JsonNode record : page.path("records")) {
        records.add(record);
        cursors.put(place, record.at("/_nango_metadata/cursor").asText());
      }
      next = page.path("next_cursor").textValue();
    } while (next != null);
    return records;
  }

  private JsonNode page(Place place, String modifiedAfter, @Nullable String cursor)
      throws IOException, InterruptedException {
    String from =
        cursor == null ? "&modified_after=" + encode(modifiedAfter) : "&cursor=" + encode(cursor);
    HttpRequest request =
        HttpRequest.newBuilder(
                serai.resolve("/records?limit=1000&model=" + encode(place.model()) + from))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + apiKey)
            .header("Connection-Id", place.connection())
            .header("Provider-Config-Key", place.integration())
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("GET /records answered " + answer.statusCode());
    }
    return Json.parse(answer.body());
  }

  private void show(List<JsonNode> records) {
    print.accept("[backend]   collected %d records".formatted(records.size()));
    records.stream().limit(SHOWN).forEach(record -> print.accept("[backend]   " + line(record)));
    if (records.size() > SHOWN) {
      print.accept("[backend]   and %d more".formatted(records.size() - SHOWN));
    }
  }

  private static String line(JsonNode record) {
    String title = record.path("title").asText(record.path("name").asText(""));
    return "%-8s %s %s"
        .formatted(
            record.at("/_nango_metadata/last_action").asText(), record.path("id").asText(), title);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

package dev.serai.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a backend asks of Serai, over HTTP. */
record SeraiApi(URI base, String key) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** An integration of the provider and one connection to it, whose syncs start at once. */
  void connect(String provider, String connection, URI helpdesk) {
    connect(provider, connection, helpdesk, "sample-key");
  }

  void connect(String provider, String connection, URI helpdesk, String apiKey) {
    if (send("GET", "/integrations/" + provider, null).path("data").isMissingNode()) {
      send(
          "POST",
          "/integrations",
          Json.object().put("provider", provider).put("unique_key", provider));
    }
    ObjectNode body =
        Json.object().put("provider_config_key", provider).put("connection_id", connection);
    body.putObject("credentials").put("type", "API_KEY").put("apiKey", apiKey);
    body.putObject("connection_config").put("url", helpdesk.toString());
    JsonNode made = send("POST", "/connections", body);
    if (!made.path("connection_id").asText().equals(connection)) {
      throw new IllegalStateException("no connection: " + made);
    }
  }

  /** The first page of a model's records. */
  JsonNode records(String provider, String connection, String model) {
    String[] headers = {"Provider-Config-Key", provider, "Connection-Id", connection};
    JsonNode answer = send("GET", "/records?model=" + model + "&limit=1000", null, headers);
    if (!answer.path("records").isArray()) {
      throw new IllegalStateException("no records: " + answer);
    }
    return answer.path("records");
  }

  /**
   * @param mode {@code incremental} or {@code full_refresh}
   */
  void trigger(String provider, String connection, String sync, String mode) {
    ObjectNode body =
        Json.object()
            .put("provider_config_key", provider)
            .put("connection_id", connection)
            .put("sync_mode", mode);
    body.putArray("syncs").add(sync);
    expectSuccess(send("POST", "/sync/trigger", body));
  }

  void pause(String provider, String connection, String sync) {
    ObjectNode body =
        Json.object().put("provider_config_key", provider).put("connection_id", connection);
    body.putArray("syncs").add(sync);
    expectSuccess(send("POST", "/sync/pause", body));
  }

  JsonNode status(String provider, String connection) {
    return send(
        "GET",
        "/sync/status?syncs=*&provider_config_key=%s&connection_id=%s"
            .formatted(provider, connection),
        null);
  }

  private static void expectSuccess(JsonNode answer) {
    if (!answer.path("success").asBoolean()) {
      throw new IllegalStateException(answer.toString());
    }
  }

  /** The body of the answer, whatever its status. */
  JsonNode send(String method, String path, JsonNode body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + key);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(Json.write(body)));
    }
    try {
      return Json.parse(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Calls a simulator as a stranger would. */
record HelpdeskCalls(URI base) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpResponse<byte[]> send(String method, String path, String key, String body)
      throws IOException, InterruptedException {
    URI uri = path.startsWith("http") ? URI.create(path) : URI.create(base + path);
    return HTTP.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send("GET", path, "sample-key", "");
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return Json.parse(get(path).body());
  }

  JsonNode post(String path, String body) throws IOException, InterruptedException {
    return Json.parse(send("POST", path, "sample-key", body).body());
  }

  static List<String> ids(JsonNode records) {
    List<String> ids = new ArrayList<>();
    records.forEach(record -> ids.add(record.path("id").asText()));
    return ids;
  }
}

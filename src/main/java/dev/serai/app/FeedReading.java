package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One reader that follows the cursor over HTTP until the end, as an application does. */
final class FeedReading implements AutoCloseable {
  static final int PAGE = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final BenchServer server;

  FeedReading(BenchServer server) {
    this.server = server;
  }

  /** Seconds to read this many records of a connection, every one of them. */
  double read(String connection, int records) throws IOException, InterruptedException {
    int pages = 0;
    String cursor = null;
    byte[] body;
    long from = System.nanoTime();
    do {
      body = page(connection, cursor);
      pages++;
      cursor = nextCursor(body);
    } while (cursor != null);
    double seconds = (System.nanoTime() - from) / 1e9;
    int expected = (records + PAGE - 1) / PAGE;
    if (pages != expected) {
      throw new BenchUnusable("%d pages were read, not %d".formatted(pages, expected));
    }
    JsonNode last = Json.parse(body).path("records");
    if (last.size() != records - (pages - 1) * PAGE || !last.path(0).has("description")) {
      throw new BenchUnusable("something else was read: " + last.path(0));
    }
    return seconds;
  }

  private byte[] page(String connection, @Nullable String cursor)
      throws IOException, InterruptedException {
    String path = "/records?model=%s&limit=%d".formatted(PagePipeline.MODEL, PAGE);
    URI uri = server.uri().resolve(cursor == null ? path : path + "&cursor=" + cursor);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + server.key())
            .header("Provider-Config-Key", RecordBenchStore.INTEGRATION)
            .header("Connection-Id", connection)
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      String why = new String(answer.body(), StandardCharsets.UTF_8);
      throw new BenchUnusable("%s answered %d: %s".formatted(path, answer.statusCode(), why));
    }
    return answer.body();
  }

  /** It stands at the end, behind the records. */
  private static @Nullable String nextCursor(byte[] body) {
    int tail = Math.min(body.length, 200);
    String end = new String(body, body.length - tail, tail, StandardCharsets.UTF_8);
    String key = "\"next_cursor\":\"";
    int at = end.lastIndexOf(key);
    return at < 0 ? null : end.substring(at + key.length(), end.lastIndexOf('"'));
  }

  @Override
  public void close() {
    http.close();
  }
}

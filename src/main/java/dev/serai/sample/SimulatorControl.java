package dev.serai.sample;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Looks into and steers a simulator over its control API, wherever it runs. Thread-safe.
 *
 * @param base where the simulator listens
 */
public record SimulatorControl(URI base, String token) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** Every live ticket by id, exactly as the API shows it. */
  public ObjectNode truth() {
    return (ObjectNode) send("GET", "truth", null).path("tickets");
  }

  /** {@code {"total", "by_target": {"GET /path?query": times}, "requests": [...]}}. */
  public JsonNode requests() {
    return send("GET", "requests", null);
  }

  public void forgetRequests() {
    send("DELETE", "requests", null);
  }

  /** Changes so many tickets, drawn from the seed; an id may come twice. */
  public List<String> edit(int count) {
    return ids(send("POST", "edit", Json.object().put("count", count)));
  }

  /** Changes these tickets; the fields are those of {@code PATCH /v1/tickets/{id}}. */
  public List<String> edit(Collection<String> ids, ObjectNode fields) {
    ObjectNode body = Json.object();
    ids.forEach(body.putArray("ids")::add);
    body.set("fields", fields);
    return ids(send("POST", "edit", body));
  }

  public List<String> insert(int count) {
    return ids(send("POST", "insert", Json.object().put("count", count)));
  }

  public List<String> delete(int count) {
    return ids(send("POST", "delete", Json.object().put("count", count)));
  }

  public List<String> delete(Collection<String> ids) {
    ObjectNode body = Json.object();
    ids.forEach(body.putArray("ids")::add);
    return ids(send("POST", "delete", body));
  }

  /** After every so many list requests, so many changes, at most so many times. */
  public void drift(int every, int edits, int inserts, int deletes, int times) {
    send(
        "POST",
        "drift",
        Json.object()
            .put("every", every)
            .put("edits", edits)
            .put("inserts", inserts)
            .put("deletes", deletes)
            .put("times", times));
  }

  /** The next {@code times} requests suffer this; see {@link Fault.Kind} for the names. */
  public void fault(String kind, int times) {
    fault(Json.object().put("kind", kind).put("times", times));
  }

  /** As {@code {"kind", "times" | "probability", "path", "skip", options…}}. */
  public void fault(ObjectNode rule) {
    send("POST", "faults", rule);
  }

  public void noFaults() {
    send("DELETE", "faults", null);
  }

  /** So many requests per window, then 429 with Retry-After; 0: no limit. */
  public void rateLimit(int requests, Duration per) {
    send(
        "POST",
        "rate-limit",
        Json.object().put("requests", requests).put("per_ms", per.toMillis()));
  }

  private static List<String> ids(JsonNode answer) {
    List<String> ids = new ArrayList<>();
    answer.path("ids").forEach(id -> ids.add(id.asText()));
    return ids;
  }

  /** From now on every change of a ticket is told there, signed with the secret. */
  public void webhook(URI url, String secret) {
    send("POST", "webhook", Json.object().put("url", url.toString()).put("secret", secret));
  }

  /** Nobody is told any more. */
  public void noWebhook() {
    send("DELETE", "webhook", null);
  }

  /** {@code {"delivered", "attempts", "given_up", "waiting"}}. */
  public JsonNode webhooks() {
    return send("GET", "webhook", null);
  }

  /** Steers its OAuth server. */
  public OAuthSteering oauth() {
    return new OAuthSteering(this);
  }

  JsonNode send(String method, String path, @org.jspecify.annotations.Nullable ObjectNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(ControlApi.PREFIX + path))
            .timeout(Duration.ofSeconds(30))
            .header(ControlApi.HEADER, token)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(Bodies.of(body)))
            .build();
    try {
      HttpResponse<byte[]> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(
            "the simulator answered %d to %s %s: %s"
                .formatted(
                    answer.statusCode(),
                    method,
                    path,
                    new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8)));
      }
      return answer.body().length == 0 ? Json.object() : Json.parse(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from the simulator to " + method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while steering the simulator", e);
    }
  }
}

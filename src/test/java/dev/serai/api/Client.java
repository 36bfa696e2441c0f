package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.support.Leaks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Calls the API's operations as a backend with this key does, without the wire between them. */
record Client(Api api, UUID key) {

  /** An answer: status and parsed body. */
  record Answer(int status, JsonNode body) {
    String code() {
      return body.at("/error/code").asText();
    }

    JsonNode at(String pointer) {
      return body.at(pointer);
    }
  }

  Answer get(String operation, Map<String, String> path, String query) {
    return call(operation, path, query, "", Map.of());
  }

  Answer send(String operation, Map<String, String> path, String query, String body) {
    return call(operation, path, query, body, Map.of());
  }

  Answer call(
      String operation,
      Map<String, String> path,
      String query,
      String body,
      Map<String, String> headers) {
    List<Headers.Line> lines = new ArrayList<>();
    lines.add(new Headers.Line("Authorization", "Bearer " + key));
    headers.forEach((name, value) -> lines.add(new Headers.Line(name, value)));
    ApiReply reply =
        api.answer(
            new ApiRequest(
                operation,
                "POST",
                "/" + operation,
                "/" + operation,
                path,
                QueryString.parse(query),
                new Headers(lines),
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1"));
    Answer answer = new Answer(reply.status(), Replies.json(reply));
    if (answer.status() >= 400) {
      Leaks.look("the refusal of " + operation, answer.body().toString());
    }
    return answer;
  }

  Answer createIntegration(String provider, String key) {
    return send(
        "createIntegration",
        Map.of(),
        "",
        Json.write(Json.object().put("provider", provider).put("unique_key", key)));
  }

  /** Imports a connection to an integration of {@code helpdesk}. */
  Answer createConnection(String integration, String id) {
    var body = Json.object().put("provider_config_key", integration).put("connection_id", id);
    body.putObject("credentials").put("type", "API_KEY").put("apiKey", "k");
    return send("createConnection", Map.of(), "", Json.write(body));
  }
}

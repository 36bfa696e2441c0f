package dev.serai.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Auth;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The recorded side of a conversation: answers each request that comes as it was recorded, in
 * order, and remembers what came otherwise.
 */
final class Conversation {
  /** What every credential of the harness is made of, so that it can be looked for. */
  static final String SECRET = "fixture-secret";

  private final JsonNode exchanges;
  private final String basePath;
  private final Auth auth;
  private final List<String> differences = new ArrayList<>();
  private int made;

  /**
   * @param basePath what the base URL puts in front of every path
   */
  Conversation(JsonNode exchanges, String basePath, Auth auth) {
    this.exchanges = exchanges;
    this.basePath = basePath;
    this.auth = auth;
  }

  synchronized Answer answer(Request request) {
    int number = made++;
    ObjectNode found = found(request);
    if (number >= exchanges.size()) {
      differences.add("request " + (number + 1) + " is not listed: " + Plain.text(found));
      return Answer.status(418);
    }
    JsonNode recorded = exchanges.get(number);
    ObjectNode wanted = wanted(recorded.path("request"), found);
    if (!Plain.text(wanted).equals(Plain.text(found))) {
      differences.add(
          "request %d differs%n  recorded: %s%n  made: %s"
              .formatted(number + 1, Plain.text(wanted), Plain.text(found)));
    }
    return answer(recorded.path("response"));
  }

  /** Empty when exactly the recorded requests were made. */
  synchronized List<String> differences() {
    List<String> all = new ArrayList<>(differences);
    for (int i = made; i < exchanges.size(); i++) {
      all.add("request %d was not made: %s".formatted(i + 1, exchanges.get(i).path("request")));
    }
    return all;
  }

  private static ObjectNode wanted(JsonNode recorded, ObjectNode found) {
    ObjectNode wanted = recorded.deepCopy();
    ObjectNode query = wanted.withObjectProperty("query");
    for (String name : names(query)) {
      String value = query.path(name).asText();
      if (value.equals("*") && found.path("query").has(name)) {
        query.set(name, found.path("query").path(name));
      } else if (value.equals("\\*")) {
        query.put(name, "*");
      }
    }
    return wanted;
  }

  private static List<String> names(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private ObjectNode found(Request request) {
    Map<String, String> query = new HashMap<>(request.query());
    if (!authorized(request, query)) {
      differences.add("request " + made + " carries no credentials: " + request.path());
    }
    ObjectNode found = Json.object().put("method", request.method());
    boolean under = request.path().startsWith(basePath);
    found.put("path", under ? request.path().substring(basePath.length()) : request.path());
    ObjectNode parameters = found.putObject("query");
    query.forEach(parameters::put);
    if (!request.body().isEmpty()) {
      found.set("body", Json.parse(request.body()));
    }
    return found;
  }

  private boolean authorized(Request request, Map<String, String> query) {
    return switch (auth) {
      case Auth.None none -> true;
      case Auth.Basic basic -> request.headers().containsKey("authorization");
      case Auth.ApiKey key -> {
        String sent =
            key.inQuery()
                ? query.remove(key.name())
                : request.headers().get(key.name().toLowerCase(java.util.Locale.ROOT));
        yield (key.prefix() + SECRET).equals(sent);
      }
      case Auth.OAuth2Code code ->
          (code.place().prefix() + SECRET)
              .equals(
                  request.headers().get(code.place().name().toLowerCase(java.util.Locale.ROOT)));
      case Auth other -> request.headers().containsKey("authorization");
    };
  }

  private static Answer answer(JsonNode response) {
    JsonNode body = response.path("body");
    Answer answer =
        new Answer(
            response.path("status").intValue(),
            body.isMissingNode() ? Map.of() : Map.of("Content-Type", "application/json"),
            body.isMissingNode() ? new byte[0] : Json.write(body).getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
      if (!header.getKey().equalsIgnoreCase("content-type") || body.isMissingNode()) {
        answer = answer.with(header.getKey(), header.getValue().asText());
      }
    }
    return answer;
  }
}

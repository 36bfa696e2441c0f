package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/**
 * What no real helpdesk has: a look at the truth and a hand on its faults, for tests and tours. See
 * {@link SimulatorControl} for the calls in Java.
 */
final class ControlApi {
  static final String HEADER = "X-Control-Token";
  static final String PREFIX = "/_control/";

  private final Truth truth;
  private final Changes changes;
  private final Faults faults;
  private final RateLimit rateLimit;
  private final RequestLog log;
  private final OAuthControl oauth;
  private final Webhooks webhooks;

  ControlApi(
      Truth truth,
      Changes changes,
      Faults faults,
      RateLimit rateLimit,
      RequestLog log,
      OAuthControl oauth,
      Webhooks webhooks) {
    this.truth = truth;
    this.changes = changes;
    this.faults = faults;
    this.rateLimit = rateLimit;
    this.log = log;
    this.oauth = oauth;
    this.webhooks = webhooks;
  }

  /**
   * @throws Refusal for an unknown path or bad input
   */
  Answer answer(Request request) {
    if (request.path().startsWith(OAuthControl.PREFIX)) {
      return oauth.answer(request);
    }
    return switch (request.method() + " " + request.path().substring(PREFIX.length())) {
      case "GET truth" ->
          Answer.json(
              200,
              Json.object()
                  .put("count", truth.count())
                  .<ObjectNode>set("tickets", truth.snapshot()));
      case "GET requests" -> Answer.json(200, log.describe());
      case "DELETE requests" -> done(log::clear);
      case "GET faults" -> Answer.json(200, faults.describe());
      case "POST faults" -> done(() -> faults.add(request.json()));
      case "DELETE faults" -> done(faults::clear);
      case "POST edit" -> ids(edit(request.json()));
      case "POST insert" -> ids(changes.insert(count(request.json())));
      case "POST delete" -> ids(delete(request.json()));
      case "POST drift" -> done(() -> changes.drift(drift(request.json())));
      case "GET webhook" -> Answer.json(200, webhooks.counts());
      case "POST webhook" -> done(() -> webhooks.target(target(request.json())));
      case "DELETE webhook" -> done(() -> webhooks.target(null));
      case "POST rate-limit" -> done(() -> limit(request.json()));
      default -> throw Refusal.notFound("path");
    };
  }

  private static Answer done(Runnable work) {
    work.run();
    return Answer.empty(204);
  }

  private static Answer ids(ArrayNode ids) {
    return Answer.json(200, Json.object().<ObjectNode>set("ids", ids));
  }

  private static WebhookTarget target(JsonNode sent) {
    try {
      return new WebhookTarget(new URI(sent.path("url").asText()), sent.path("secret").asText());
    } catch (URISyntaxException e) {
      throw new Refusal(422, "url", "is not an address");
    }
  }

  private static int count(JsonNode sent) {
    return sent.path("count").asInt(1);
  }

  private ArrayNode edit(JsonNode sent) {
    if (!sent.path("ids").isArray()) {
      return changes.edit(count(sent));
    }
    ArrayNode changed = Json.array();
    for (JsonNode id : sent.path("ids")) {
      JsonNode fields = sent.path("fields");
      if (truth.edit(id.asLong(), ticket -> TicketChange.apply(ticket, fields)) != null) {
        changed.add(id);
      }
    }
    return changed;
  }

  private ArrayNode delete(JsonNode sent) {
    if (!sent.path("ids").isArray()) {
      return changes.delete(count(sent));
    }
    ArrayNode deleted = Json.array();
    for (JsonNode id : sent.path("ids")) {
      if (truth.delete(id.asLong())) {
        deleted.add(id);
      }
    }
    return deleted;
  }

  private static Changes.Drift drift(JsonNode sent) {
    return new Changes.Drift(
        Math.max(1, sent.path("every").asInt(1)),
        sent.path("edits").asInt(0),
        sent.path("inserts").asInt(0),
        sent.path("deletes").asInt(0),
        sent.path("times").asInt(Integer.MAX_VALUE));
  }

  private void limit(JsonNode sent) {
    rateLimit.set(
        sent.path("requests").asInt(0), Duration.ofMillis(sent.path("per_ms").asLong(1000)));
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.sample.oauth.Account;
import dev.serai.sample.oauth.Codes;
import dev.serai.sample.oauth.Grants;
import dev.serai.sample.oauth.MovableClock;
import dev.serai.sample.oauth.OAuthError;
import java.time.DateTimeException;
import java.time.Duration;

/** The OAuth server's part of the control API; see {@link OAuthSteering} for the calls in Java. */
final class OAuthControl {
  static final String PREFIX = ControlApi.PREFIX + "oauth";

  private final Grants grants;
  private final Codes codes;
  private final MovableClock clock;

  OAuthControl(Grants grants, Codes codes, MovableClock clock) {
    this.grants = grants;
    this.codes = codes;
    this.clock = clock;
  }

  /**
   * @throws Refusal for an unknown path or bad input
   */
  Answer answer(Request request) {
    try {
      return switch (request.method() + request.path().substring(PREFIX.length())) {
        case "GET" -> Answer.json(200, state());
        case "DELETE/counts" -> done(grants::forgetCounts);
        case "POST/advance" -> done(() -> clock.advance(duration(request.json(), "by")));
        case "POST/policy" -> done(() -> grants.policy(grants.policy().changedBy(request.json())));
        case "POST/expire" -> done(grants::expireAccess);
        case "POST/grants" -> Answer.json(201, begin(request.json()));
        case "POST/revoke" ->
            Answer.json(200, Json.object().put("revoked", grants.revoke(account(request.json()))));
        case "GET/secrets" -> Answer.json(200, secrets());
        default -> throw Refusal.notFound("path");
      };
    } catch (DateTimeException e) {
      throw new Refusal(422, "duration", "is not one like PT10M");
    } catch (OAuthError e) {
      throw new Refusal(422, e.error(), e.description());
    }
  }

  private static Answer done(Runnable work) {
    work.run();
    return Answer.empty(204);
  }

  private ObjectNode state() {
    ObjectNode state = Json.object();
    state.set("counts", grants.counts());
    state.set("policy", grants.policy().json());
    return state.put("now", clock.instant().toString());
  }

  private ObjectNode begin(JsonNode sent) {
    return grants.begin(account(sent), sent.path("scope").asText("")).json();
  }

  private ObjectNode secrets() {
    ObjectNode all = Json.object();
    ArrayNode list = all.putArray("secrets");
    grants.secrets().forEach(list::add);
    codes.secrets().forEach(list::add);
    return all;
  }

  private static Account account(JsonNode sent) {
    return Account.of(sent.path("account").asText())
        .orElseThrow(() -> new Refusal(422, "account", "is alice, bob or carol"));
  }

  private static Duration duration(JsonNode sent, String name) {
    return Duration.parse(sent.path(name).asText());
  }
}

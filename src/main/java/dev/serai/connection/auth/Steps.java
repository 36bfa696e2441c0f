package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.Json;
import dev.serai.connection.Credentials;
import dev.serai.connection.EchoGuard;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.JsonTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the customer entered for a token, in one or more requests. */
record Steps(Auth.TwoStep auth, TokenEndpoint tokens, InstantSource clock) implements Exchange {

  /** The last answer, or the first that is no yes. */
  @Override
  public HttpAnswer ask(Demand demand) {
    Credentials.TwoStep had = (Credentials.TwoStep) demand.credentials();
    Tokens.Step refresh = auth.refresh();
    if (refresh != null && had.refreshToken() != null) {
      return send(refresh, demand.values());
    }
    Map<String, String> taken = new LinkedHashMap<>();
    HttpAnswer answer = null;
    for (Tokens.Step step : auth.steps()) {
      answer = send(step, demand.values().with(taken));
      if (!answer.ok()) {
        return clean(answer, taken);
      }
      take(step, answer, taken);
    }
    if (answer == null) {
      throw new IllegalStateException("a provider without steps does not load");
    }
    return clean(answer, taken);
  }

  /**
   * Only here it is known what earlier steps took. An answer with a token may repeat them: it is
   * sealed as it is.
   */
  private HttpAnswer clean(HttpAnswer answer, Map<String, String> taken) {
    return understand(answer).token() == null
        ? EchoGuard.withoutAny(taken.values(), answer)
        : answer;
  }

  private HttpAnswer send(Tokens.Step step, Values values) {
    JsonNode body = step.body() == null ? null : JsonTemplate.fill(step.body(), values);
    Headers headers = TokenEndpoint.headers(step.headers(), values);
    if (body != null && headers.first("Content-Type").isEmpty()) {
      headers =
          headers.with(
              "Content-Type",
              step.form() ? "application/x-www-form-urlencoded" : "application/json");
    }
    return tokens.send(
        new HttpCall(
            step.method(),
            Addresses.of(step.url(), values),
            headers,
            bytes(step, body),
            TokenEndpoint.LIMITS));
  }

  private static byte @Nullable [] bytes(Tokens.Step step, @Nullable JsonNode body) {
    if (body == null) {
      return null;
    }
    Map<String, String> form = new LinkedHashMap<>();
    if (step.form()) {
      body.properties().forEach(field -> form.put(field.getKey(), field.getValue().asText()));
    }
    String text = step.form() ? TokenEndpoint.form(form) : Json.write(body);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void take(Tokens.Step step, HttpAnswer answer, Map<String, String> into) {
    if (step.take().isEmpty()) {
      return;
    }
    JsonNode body = json(answer);
    step.take()
        .forEach((name, path) -> {
          JsonNode value = TextNode.valueOf("");
          try {
            value = path.apply(body);
          } catch (RuntimeException e) {
            // An expression that this answer does not suit takes nothing.
          }
          into.put(name, value.isNull() ? "" : value.asText(""));
        });
  }

  private static JsonNode json(HttpAnswer answer) {
    try {
      return Json.parse(answer.body());
    } catch (IOException | RuntimeException e) {
      return Json.object();
    }
  }

  @Override
  public TokenAnswer understand(HttpAnswer answer) {
    return TokenAnswer.of(answer, auth.answer());
  }

  @Override
  public Credentials granted(Demand demand, TokenAnswer answer, String token) {
    Credentials.TwoStep had = (Credentials.TwoStep) demand.credentials();
    String next = answer.refreshToken();
    return new Credentials.TwoStep(
        had.inputs(),
        token,
        next == null ? had.refreshToken() : next,
        answer.end(clock.instant()),
        answer.raw());
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }

  /** A no to what the customer entered is final; a page in HTML is not from the API itself. */
  @Override
  public Renewed meaning(Refusal refusal) {
    boolean no = refusal.status() == 401 || refusal.status() == 403;
    return no && refusal.readable() ? refusal.refused(Why.REVOKED) : refusal.meaning(renewing());
  }
}

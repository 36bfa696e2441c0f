package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Credentials;
import dev.serai.connection.EchoGuard;
import dev.serai.connection.EnteredCheck;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.http.HttpFailure;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.Jslt;
import dev.serai.provider.JsonTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the customer entered for a token, in one or more requests. */
record Steps(Auth.TwoStep auth, TokenEndpoint tokens, InstantSource clock) implements Exchange {

  /** A header of our own: the steps were made although there was a refresh token. */
  private static final String ANEW = "Serai-Anew";

  /**
   * Whether the steps can be made at any time: what they need was entered, and is kept. A refresh
   * token is then a shorter way and nothing that could be lost.
   */
  static boolean repeatable(Auth.TwoStep auth, Credentials.TwoStep had) {
    return EnteredCheck.problems(auth, had).isEmpty();
  }

  @Override
  public HttpAnswer ask(Demand demand) {
    Credentials.TwoStep had = (Credentials.TwoStep) demand.credentials();
    Tokens.Step refresh = auth.refresh();
    if (refresh == null || had.refreshToken() == null) {
      return steps(demand);
    }
    if (!repeatable(auth, had)) {
      return send(refresh, demand.values());
    }
    HttpAnswer answer = refreshed(refresh, demand);
    if (answer != null) {
      return answer;
    }
    HttpAnswer anew = steps(demand);
    return new HttpAnswer(anew.status(), anew.headers().with(ANEW, "yes"), anew.body());
  }

  /** Null: no token that way, whatever the reason. Who wants less is not asked more instead. */
  private @Nullable HttpAnswer refreshed(Tokens.Step refresh, Demand demand) {
    try {
      HttpAnswer answer = send(refresh, demand.values());
      TokenAnswer read = understand(answer);
      boolean stands = read.token() != null || answer.status() == 429 || Trouble.of(read).limited();
      return stands ? answer : null;
    } catch (HttpFailure failure) {
      if (failure.neverSent()) {
        throw failure;
      }
      return null;
    }
  }

  /** The last answer, or the first that is no yes, or is not what the next step needs. */
  private HttpAnswer steps(Demand demand) {
    Map<String, String> taken = new LinkedHashMap<>();
    HttpAnswer answer = null;
    for (Iterator<Tokens.Step> each = auth.steps().iterator(); each.hasNext(); ) {
      Tokens.Step step = each.next();
      answer = send(step, demand.values().with(taken));
      if (!answer.ok()) {
        return clean(answer, taken);
      }
      String lacking = each.hasNext() ? take(step, answer, taken) : null;
      if (lacking != null) {
        return new HttpAnswer(
            answer.status(), answer.headers().with(TokenAnswer.LACKS, lacking), answer.body());
      }
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

  /** What the next step would miss; null: nothing. Maintenance pages come with status 200, too. */
  private static @Nullable String take(
      Tokens.Step step, HttpAnswer answer, Map<String, String> into) {
    JsonNode body = json(answer);
    for (Map.Entry<String, Jslt> wanted : step.take().entrySet()) {
      String value = "";
      try {
        value = wanted.getValue().apply(body).asText("");
      } catch (RuntimeException e) {
        // An expression that this answer does not suit takes nothing.
      }
      if (value.isEmpty()) {
        return wanted.getKey();
      }
      into.put(wanted.getKey(), value);
    }
    String type = answer.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    return type.contains("html") ? "what an API says" : null;
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
    boolean refused = answer.headers().first(ANEW).isPresent();
    return new Credentials.TwoStep(
        had.inputs(),
        token,
        next == null && !refused ? had.refreshToken() : next,
        answer.end(clock.instant()),
        answer.refreshEnd(
            clock.instant(), had.refreshToken(), refused ? null : had.refreshTokenExpiresAt()),
        answer.raw());
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }

  /** A no to what the customer entered is final; a page in HTML is not from the API itself. */
  @Override
  public Renewed meaning(Refusal refusal) {
    return refusal.meaning(
        renewing(),
        no -> no.status() == 401 || no.status() == 403 ? no.refused(Why.REVOKED) : null);
  }
}

package dev.serai.connection.auth;

import dev.serai.Json;
import dev.serai.connection.Credentials;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Auth;
import dev.serai.provider.Tokens;
import dev.serai.provider.Jslt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** A token that we sign with the customer's key: nobody is asked. */
record OwnToken(Auth.Jwt auth, InstantSource clock) implements Exchange {
  private static final Jslt NOTHING = Jslt.compile("null");
  private static final Tokens.Answer WORDS =
      new Tokens.Answer(
          Jslt.compile(".token"),
          NOTHING,
          NOTHING,
          Jslt.compile(".expires_at"),
          NOTHING,
          NOTHING,
          NOTHING,
          null,
          Map.of());

  @Override
  public HttpAnswer ask(Demand demand) {
    Instant now = clock.instant();
    String token = TokenSigner.sign(auth.signed(), demand.values(), now);
    String body =
        Json.write(
            Json.object()
                .put("token", token)
                .put("expires_at", now.plus(auth.signed().lifetime()).getEpochSecond()));
    return new HttpAnswer(200, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public TokenAnswer understand(HttpAnswer answer) {
    return TokenAnswer.of(answer, WORDS);
  }

  @Override
  public Credentials granted(Demand demand, TokenAnswer answer, String token) {
    Credentials.Jwt had = (Credentials.Jwt) demand.credentials();
    return new Credentials.Jwt(had.inputs(), token, answer.end(clock.instant()));
  }

  @Override
  public Tokens.Renewing renewing() {
    return auth.renewing();
  }
}

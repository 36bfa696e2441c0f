package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a refusal means where the token comes by steps, and what a refresh token is worth then. */
class StepsTest {
  private static final String TWO =
      """
      type: two_step
      fields:
        user: {title: User, description: x, secret: false}
        password: {title: Password, description: x}
      steps:
        - url: "%s/login"
          body: {user: "${credentials.user}", password: "${credentials.password}"}
          take: {session: .session.id}
        - url: "%s/token"
          headers: {X-Session: "${step.session}"}
      answer: {token: .token, refresh_token: .again}
      refresh: {revoked_codes: [locked]}
      """;
  private static final String REFRESHED =
      TWO
          + "refresh_step: {url: \"%s/again\", body: {refresh: \"${credentials.refresh_token}\"}}\n";
  private static final Answer NO = Answer.json(401, "{\"error\":\"no\"}");
  private static final Answer PAGE =
      new Answer(200, Map.of("Content-Type", "text/html"), "<html>Soon back</html>".getBytes());

  @TempDir Path folder;
  private Modes modes;

  @BeforeEach
  void open() {
    modes = new Modes(folder);
  }

  @AfterEach
  void close() {
    modes.close();
  }

  @Test
  void a_no_to_what_was_entered_is_final_unless_it_is_only_a_limit() {
    assertThat(why(renewed(TWO, null, request -> NO))).isEqualTo(Why.REVOKED);
    assertThat(why(renewed(TWO, null, request -> Answer.json(403, "{\"error\":\"no\"}"))))
        .isEqualTo(Why.REVOKED);
    assertThat(why(renewed(TWO, null, request -> NO.with("Retry-After", "30")))).isNull();
    assertThat(
            why(
                renewed(
                    TWO, null, request -> Answer.json(403, "{\"error\":\"too many requests\"}"))))
        .isNull();
    assertThat(why(renewed(TWO, null, request -> Answer.json(400, "{\"error\":\"locked\"}"))))
        .as("declared")
        .isEqualTo(Why.REVOKED);
  }

  @Test
  void a_step_that_answers_something_else_than_the_next_one_needs_ends_nothing() {
    for (Answer odd : List.of(PAGE, Answer.json("{\"session\":{}}"), Answer.status(204))) {
      Renewed renewed = renewed(TWO, null, request -> request.path().equals("/login") ? odd : NO);

      assertThat(renewed).isInstanceOf(Renewed.Unclear.class);
      assertThat(((Renewed.Unclear) renewed).message()).contains("without session");
      assertThat(modes.provider.requests()).extracting(Request::path).doesNotContain("/token");
    }
  }

  @Test
  void a_yes_without_what_is_needed_is_judged_by_the_declared_codes() {
    assertThat(why(renewed(TWO, null, request -> Answer.json("{\"error\":\"locked\"}"))))
        .isEqualTo(Why.REVOKED);
    assertThat(
            why(renewed(TWO, null, request -> Answer.json("{\"token\":\"not of the last step\"}"))))
        .as("a token of the first step is none")
        .isNull();
  }

  @Test
  void a_page_where_no_step_takes_anything_ends_nothing_either() {
    String untaken = TWO.replace("take: {session: .session.id}", "method: POST");
    untaken = untaken.replace("${step.session}", "none");

    assertThat(why(renewed(untaken, null, request -> request.path().equals("/login") ? PAGE : NO)))
        .isNull();
  }

  @Test
  void a_refresh_token_that_is_refused_costs_nothing_while_the_entered_words_are_good() {
    for (Answer refused :
        List.of(NO, Answer.json(400, "{\"error\":\"locked\"}"), PAGE, Answer.status(500))) {
      modes.provider.requests().clear();
      Renewed renewed =
          renewed(
              REFRESHED,
              "r1",
              request ->
                  switch (request.path()) {
                    case "/again" -> refused;
                    case "/login" -> Answer.json("{\"session\":{\"id\":\"s\"}}");
                    default -> Answer.json("{\"token\":\"t2\"}");
                  });

      Credentials.TwoStep fresh =
          (Credentials.TwoStep) ((Renewed.Fresh) renewed).granted().credentials();
      assertThat(fresh.token()).isEqualTo("t2");
      assertThat(fresh.refreshToken()).as("the refused one is of no more use").isNull();
      assertThat(modes.provider.requests())
          .extracting(Request::path)
          .containsExactly("/again", "/login", "/token");
    }
  }

  @Test
  void only_the_answer_to_the_entered_words_is_judged() {
    assertThat(why(renewed(REFRESHED, "r1", request -> NO))).isEqualTo(Why.REVOKED);
    assertThat(
            why(
                renewed(
                    REFRESHED,
                    "r1",
                    request -> request.path().equals("/again") ? NO : Answer.status(503))))
        .isNull();
  }

  @Test
  void a_limit_on_refreshing_is_not_answered_by_logging_in() {
    assertThat(why(renewed(REFRESHED, "r1", request -> Answer.json(429, "{}")))).isNull();
    assertThat(modes.provider.requests()).extracting(Request::path).containsExactly("/again");
  }

  @Test
  void a_refresh_token_that_works_is_used_alone_and_kept_unless_it_is_replaced() {
    Renewed renewed = renewed(REFRESHED, "r1", request -> Answer.json("{\"token\":\"t2\"}"));

    assertThat(modes.provider.requests()).extracting(Request::path).containsExactly("/again");
    assertThat(
            ((Credentials.TwoStep) ((Renewed.Fresh) renewed).granted().credentials())
                .refreshToken())
        .isEqualTo("r1");
  }

  @Test
  void asking_anew_does_no_harm_where_the_entered_words_are_kept() {
    AuthModes auth = modes.of(REFRESHED);

    assertThat(auth.consuming(Modes.connection(), had("r1"))).isFalse();
    Credentials brought = new Credentials.TwoStep(Json.object(), "t1", "r1", null, Json.object());
    assertThat(auth.consuming(Modes.connection(), brought)).as("nothing was entered").isTrue();
    modes.provider.answering(request -> NO);
    Grant old = Grant.of(brought);
    assertThat(
            why(
                auth.read(
                    Modes.connection(),
                    App.NONE,
                    old,
                    auth.send(Modes.connection(), App.NONE, old))))
        .isEqualTo(Why.REVOKED);
    assertThat(modes.provider.requests()).hasSize(1);
  }

  private static Credentials.TwoStep had(String refreshToken) {
    ObjectNode inputs = Json.object().put("user", "ann").put("password", "hushhush-pw-0123456789");
    return new Credentials.TwoStep(inputs, "t1", refreshToken, null, Json.object());
  }

  private Renewed renewed(String mode, String refreshToken, Function<Request, Answer> script) {
    modes.provider.answering(script);
    AuthModes auth = modes.of(mode);
    Grant old = Grant.of(had(refreshToken));
    return auth.read(
        Modes.connection(), App.NONE, old, auth.send(Modes.connection(), App.NONE, old));
  }

  /** Null: it is only tried again. */
  private static Why why(Renewed renewed) {
    return renewed instanceof Renewed.Refused refused ? refused.why() : null;
  }
}

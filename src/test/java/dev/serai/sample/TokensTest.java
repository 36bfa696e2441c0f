package dev.serai.sample;

import static dev.serai.sample.ConsentBrowser.basic;
import static dev.serai.sample.ConsentBrowser.exchange;
import static dev.serai.sample.ConsentBrowser.refresh;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  private Simulator simulator;
  private ConsentBrowser client;
  private OAuthSteering oauth;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(Simulator.Options.TESTS.withTickets(5));
    client = new ConsentBrowser(simulator.uri());
    oauth = simulator.control().oauth();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private int status(JsonNode tokens, String method, String path) throws Exception {
    return new HelpdeskCalls(simulator.uri())
        .send(method, path, tokens.path("access_token").asText(), "{\"subject\": \"s\"}")
        .statusCode();
  }

  private void assertRefused(HttpResponse<String> answer, int status, String error) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Json.parse(answer.body()).path("error").asText()).isEqualTo(error);
  }

  @Test
  void a_code_becomes_tokens_that_open_the_api_as_the_one_who_said_yes() throws Exception {
    JsonNode tokens = client.tokens(exchange(client.code("bob")));
    byte[] me =
        new HelpdeskCalls(simulator.uri())
            .send("GET", "/v1/me", tokens.path("access_token").asText(), "")
            .body();

    assertThat(tokens.path("token_type").asText()).isEqualTo("Bearer");
    assertThat(tokens.path("expires_in").asInt()).isEqualTo(600);
    assertThat(tokens.path("scope").asText()).isEqualTo("tickets:read tickets:write");
    assertThat(tokens.at("/account/id").asText()).isEqualTo("bob");
    assertThat(tokens.at("/account/name").asText()).isEqualTo("Bob Brandt");
    assertThat(Json.parse(me).path("id").asText()).isEqualTo("bob");
    assertThat(status(tokens, "POST", "/v1/tickets")).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "redirect_uri, http://127.0.0.1:3003/other, invalid_grant",
    "code_verifier, another-verifier-another-verifier-another-ver, invalid_grant",
    "code, made-up, invalid_grant",
    "code_verifier, '', invalid_request",
    "grant_type, password, unsupported_grant_type"
  })
  void a_code_is_bound_to_address_and_verifier(String name, String value, String error)
      throws Exception {
    Map<String, String> form = exchange(client.code("alice"));
    form.put(name, value);

    assertRefused(client.token(form), 400, error);
  }

  @Test
  void a_code_lives_a_minute() throws Exception {
    String code = client.code("alice");
    oauth.advance(Duration.ofSeconds(60));

    assertRefused(client.token(exchange(code)), 400, "invalid_grant");
  }

  @Test
  void a_code_that_comes_twice_ends_what_it_gave() throws Exception {
    String code = client.code("alice");
    JsonNode tokens = client.tokens(exchange(code));

    assertRefused(client.token(exchange(code)), 400, "invalid_grant");
    assertThat(status(tokens, "GET", "/v1/me")).isEqualTo(401);
    assertRefused(
        client.token(refresh(tokens.path("refresh_token").asText())), 400, "invalid_grant");
    assertThat(oauth.count("reuse_detected")).isEqualTo(1);
    assertThat(oauth.count("live_chains")).isZero();
  }

  @Test
  void the_client_proves_itself_in_the_header_or_in_the_form_but_not_in_both() throws Exception {
    Map<String, String> inForm = refresh(oauth.grant("alice").path("refresh_token").asText());
    inForm.put("client_id", "serai-sample");
    HttpResponse<String> nothing = client.post("/oauth/token", inForm, null);
    inForm.put("client_secret", "wrong");
    HttpResponse<String> wrong = client.post("/oauth/token", inForm, null);
    inForm.put("client_secret", "sample-client-secret");

    assertRefused(nothing, 401, "invalid_client");
    assertRefused(wrong, 401, "invalid_client");
    assertRefused(client.post("/oauth/token", inForm, basic("wrong")), 400, "invalid_request");
    HttpResponse<String> wrongHeader =
        client.post("/oauth/token", exchange("x"), basic("sample-client-secreT"));
    assertRefused(wrongHeader, 401, "invalid_client");
    assertThat(wrongHeader.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Basic");
    assertThat(client.post("/oauth/token", inForm, null).statusCode()).isEqualTo(200);
  }

  @Test
  void an_access_token_ends_in_time_and_on_demand() throws Exception {
    JsonNode first = oauth.grant("alice");
    oauth.advance(Duration.ofSeconds(599));
    assertThat(status(first, "GET", "/v1/me")).isEqualTo(200);
    oauth.advance(Duration.ofSeconds(1));
    assertThat(status(first, "GET", "/v1/me")).isEqualTo(401);

    JsonNode second = client.tokens(refresh(first.path("refresh_token").asText()));
    assertThat(status(second, "GET", "/v1/me")).isEqualTo(200);
    oauth.expireAccess();
    assertThat(status(second, "GET", "/v1/me")).isEqualTo(401);
  }

  @Test
  void a_refresh_token_is_good_once_and_its_second_use_ends_the_grant() throws Exception {
    String first = oauth.grant("alice").path("refresh_token").asText();
    JsonNode second = client.tokens(refresh(first));

    assertRefused(client.token(refresh(first)), 400, "invalid_grant");
    assertRefused(
        client.token(refresh(second.path("refresh_token").asText())), 400, "invalid_grant");
    assertThat(status(second, "GET", "/v1/me")).isEqualTo(401);
    assertThat(oauth.count("refreshes")).isEqualTo(1);
    assertThat(oauth.count("refresh_requests")).isEqualTo(3);
    assertThat(oauth.count("invalid_grants")).isEqualTo(2);
    assertThat(oauth.count("reuse_detected")).isEqualTo(1);
    assertThat(oauth.count("revoked")).isEqualTo(1);
  }

  @Test
  void within_the_grace_a_spent_token_gets_the_same_successor_again() throws Exception {
    oauth.grace(Duration.ofSeconds(30));
    String first = oauth.grant("alice").path("refresh_token").asText();
    String second = client.tokens(refresh(first)).path("refresh_token").asText();
    oauth.advance(Duration.ofSeconds(29));

    JsonNode again = client.tokens(refresh(first));

    assertThat(again.path("refresh_token").asText()).isEqualTo(second);
    assertThat(status(again, "GET", "/v1/me")).isEqualTo(200);
    assertThat(oauth.count("graced")).isEqualTo(1);
    assertThat(oauth.count("live_chains")).isEqualTo(1);
    oauth.advance(Duration.ofSeconds(1));
    assertRefused(client.token(refresh(first)), 400, "invalid_grant");
    assertThat(oauth.count("live_chains")).isZero();
  }

  @Test
  void within_the_grace_a_token_whose_successor_was_used_is_reuse() throws Exception {
    oauth.grace(Duration.ofMinutes(2));
    String first = oauth.grant("alice").path("refresh_token").asText();
    String second = client.tokens(refresh(first)).path("refresh_token").asText();
    client.tokens(refresh(second));

    assertRefused(client.token(refresh(first)), 400, "invalid_grant");
    assertThat(oauth.count("reuse_detected")).isEqualTo(1);
  }

  @Test
  void an_unused_refresh_token_ends_after_its_idle_time() throws Exception {
    oauth.policy(Json.object().put("idle", "P30D"));
    String first = oauth.grant("alice").path("refresh_token").asText();
    oauth.advance(Duration.ofDays(29));
    String second = client.tokens(refresh(first)).path("refresh_token").asText();
    oauth.advance(Duration.ofDays(29));
    assertThat(oauth.count("live_chains")).isEqualTo(1);
    oauth.advance(Duration.ofDays(1));

    assertThat(oauth.count("live_chains")).isZero();
    assertRefused(client.token(refresh(second)), 400, "invalid_grant");
  }

  @Test
  void the_server_may_keep_the_expiry_to_itself() {
    oauth.policy(Json.object().put("states_expiry", false));

    assertThat(oauth.grant("alice").has("expires_in")).isFalse();
  }

  @Test
  void a_grant_is_revoked_by_the_client_or_by_the_customer() throws Exception {
    JsonNode one = oauth.grant("alice");
    JsonNode two = oauth.grant("alice");
    JsonNode other = oauth.grant("bob");
    String secret = basic("sample-client-secret");
    client.post("/oauth/revoke", Map.of("token", one.path("refresh_token").asText()), secret);

    assertThat(status(one, "GET", "/v1/me")).isEqualTo(401);
    assertThat(status(two, "GET", "/v1/me")).isEqualTo(200);
    assertThat(oauth.revoke("alice")).isEqualTo(1);
    assertThat(status(two, "GET", "/v1/me")).isEqualTo(401);
    assertThat(status(other, "GET", "/v1/me")).isEqualTo(200);
    client.post("/oauth/revoke", Map.of("token", other.path("access_token").asText()), secret);
    assertThat(status(other, "GET", "/v1/me")).isEqualTo(401);
    assertThat(oauth.count("live_chains")).isEqualTo(1);
  }

  @Test
  void whoever_was_only_allowed_to_read_cannot_write() throws Exception {
    Map<String, String> form = refresh(oauth.grant("alice").path("refresh_token").asText());
    form.put("scope", "tickets:read");
    JsonNode reader = client.tokens(form);

    assertThat(status(reader, "GET", "/v1/tickets")).isEqualTo(200);
    assertThat(status(reader, "POST", "/v1/tickets")).isEqualTo(403);
  }

  @Test
  void a_parameter_that_comes_twice_or_in_json_is_refused() throws Exception {
    String secret = basic("sample-client-secret");
    String first = oauth.grant("alice").path("refresh_token").asText();
    String doubled = "grant_type=refresh_token&refresh_token=%1$s&refresh_token=%1$s";

    assertRefused(
        client.post("/oauth/token", doubled.formatted(first), secret), 400, "invalid_request");
    byte[] json = new HelpdeskCalls(simulator.uri()).send("POST", "/oauth/token", "x", "{}").body();
    assertThat(Json.parse(json).path("error").asText()).isEqualTo("invalid_request");
  }

  @Test
  void an_answer_can_be_lost_after_the_fact_or_the_request_before_it() throws Exception {
    String first = oauth.grant("alice").path("refresh_token").asText();
    for (String kind : List.of("status", "html", "dropped_before", "echo", "rate_limited")) {
      suffer(kind);
      attempt(refresh(first));
      assertThat(oauth.count("refresh_requests")).as(kind).isZero();
    }
    for (String kind : List.of("status_after", "html_after", "dropped", "invalid_json", "empty")) {
      oauth.forgetCounts();
      String fresh = oauth.grant("bob").path("refresh_token").asText();
      suffer(kind);
      attempt(refresh(fresh));
      assertThat(oauth.count("refreshes")).as(kind).isEqualTo(1);
    }
  }

  private void suffer(String kind) {
    simulator
        .control()
        .fault(Json.object().put("kind", kind).put("path", "/oauth/token").put("times", 1));
  }

  private void attempt(Map<String, String> form) throws Exception {
    try {
      client.token(form);
    } catch (java.io.IOException lost) {
      assertThat(lost).isNotNull();
    }
  }

  @Test
  void of_many_who_bring_one_token_at_once_only_one_is_served() throws Exception {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tokens.add(oauth.grant("carol").path("refresh_token").asText());
    }
    Map<Integer, Integer> statuses = new java.util.TreeMap<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String token : tokens) {
        // Token by token: of more than 200 idle connections the JDK's server closes some just
        // while the client takes them up again.
        List<Callable<Integer>> calls =
            java.util.Collections.nCopies(32, () -> client.token(refresh(token)).statusCode());
        for (Future<Integer> call : callers.invokeAll(calls)) {
          statuses.merge(call.get(), 1, Integer::sum);
        }
      }
    }

    assertThat(statuses).isEqualTo(Map.of(200, 20, 400, 620));
    assertThat(oauth.count("refreshes")).isEqualTo(20);
    Set<String> secrets = new HashSet<>(oauth.secrets());
    assertThat(secrets).containsAll(tokens).hasSize(80);
  }
}

package dev.serai.sample;

import static dev.serai.sample.ConsentBrowser.CALLBACK;
import static dev.serai.sample.ConsentBrowser.carried;
import static dev.serai.sample.ConsentBrowser.question;
import static dev.serai.sample.ConsentBrowser.wishes;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentTest {
  private Simulator simulator;
  private ConsentBrowser browser;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(Simulator.Options.TESTS.withTickets(5));
    browser = new ConsentBrowser(simulator.uri());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void a_customer_chooses_who_they_are_and_comes_back_with_code_and_state() throws Exception {
    HttpResponse<String> page = browser.authorize(wishes());
    HttpResponse<String> back = browser.decide(question(page.body()), "bob", "allow");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("Alice Abara", "Bob Brandt", "Carol Chen", "Create and change");
    assertThat(back.statusCode()).isEqualTo(303);
    assertThat(back.headers().firstValue("Location").orElseThrow()).startsWith(CALLBACK + "?");
    assertThat(carried(back)).containsEntry("state", "a state & more").containsKey("code");
    assertThat(simulator.control().oauth().count("authorizations")).isEqualTo(1);
  }

  @Test
  void a_customer_who_says_no_is_carried_back_without_a_code() throws Exception {
    String page = browser.authorize(wishes()).body();

    Map<String, String> carried = carried(browser.decide(question(page), "alice", "deny"));

    assertThat(carried)
        .containsEntry("error", "access_denied")
        .containsEntry("state", "a state & more")
        .doesNotContainKey("code");
  }

  @Test
  void a_page_is_answered_once_and_within_ten_minutes() throws Exception {
    String once = question(browser.authorize(wishes()).body());
    String late = question(browser.authorize(wishes()).body());
    browser.decide(once, "alice", "allow");

    assertThat(browser.decide(once, "alice", "allow").statusCode()).isEqualTo(400);
    simulator.control().oauth().advance(Duration.ofMinutes(10));
    assertThat(browser.decide(late, "alice", "allow").statusCode()).isEqualTo(400);
    assertThat(browser.decide("made up", "alice", "allow").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "client_id, another",
    "redirect_uri, https://elsewhere.example/oauth/callback",
    "redirect_uri, http://127.0.0.1.elsewhere.example/callback",
    "redirect_uri, http://127.0.0.1@elsewhere.example/callback",
    "redirect_uri, http://user@127.0.0.1/callback",
    "redirect_uri, http://127.0.0.1:3003/callback#fragment",
    "redirect_uri, https://127.0.0.1:3003/callback",
    "redirect_uri, javascript:alert(1)",
    "redirect_uri, ''"
  })
  void nobody_is_redirected_while_client_or_address_are_in_doubt(String name, String value)
      throws Exception {
    Map<String, String> query = wishes();
    query.put(name, value);

    HttpResponse<String> page = browser.authorize(query);

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(page.headers().firstValue("Location")).isEmpty();
    assertThat(page.body()).contains("role=\"alert\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1/a?b=c", "http://[::1]:99/x", "http://127.0.0.1/y"})
  void loopback_is_good_on_any_port_and_path(String address) throws Exception {
    Map<String, String> query = wishes();
    query.put("redirect_uri", address);

    String question = question(browser.authorize(query).body());
    String back =
        browser.decide(question, "carol", "allow").headers().firstValue("Location").orElseThrow();

    assertThat(back).startsWith(address + (address.contains("?") ? "&" : "?") + "code=");
  }

  @ParameterizedTest
  @CsvSource({
    "response_type, token, unsupported_response_type",
    "code_challenge_method, plain, invalid_request",
    "code_challenge_method, '', invalid_request",
    "code_challenge, short, invalid_request",
    "scope, tickets:read everything, invalid_scope"
  })
  void what_else_is_wrong_is_told_to_the_client(String name, String value, String error)
      throws Exception {
    Map<String, String> query = wishes();
    query.put(name, value);

    HttpResponse<String> back = browser.authorize(query);

    assertThat(back.statusCode()).isEqualTo(303);
    assertThat(carried(back))
        .containsEntry("error", error)
        .containsEntry("state", "a state & more");
  }

  @Test
  void the_page_runs_no_script_and_shows_no_mark_up_of_others() throws Exception {
    Map<String, String> query = wishes();
    query.put("login_hint", "\"><script>alert(1)</script>");
    query.put("state", "<b>");

    HttpResponse<String> page = browser.authorize(query);

    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'", "style-src 'sha256-");
    assertThat(page.body()).doesNotContain("<script", "<b>");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void a_hint_says_who_is_chosen_at_first() throws Exception {
    Map<String, String> query = wishes();
    query.put("login_hint", "carol");

    assertThat(browser.authorize(query).body()).contains("value=\"carol\" checked");
    assertThat(browser.authorize(wishes()).body()).contains("value=\"alice\" checked");
  }

  @Test
  void neither_code_nor_state_is_in_the_log_of_requests() throws Exception {
    browser.tokens(ConsentBrowser.exchange(browser.code("alice")));

    String log = simulator.control().requests().toString();

    assertThat(log).contains("/oauth/authorize", "/oauth/token").doesNotContain("state");
    simulator.control().oauth().secrets().forEach(secret -> assertThat(log).doesNotContain(secret));
  }
}

package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connection.connect.FrontDoor;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways in, against a whole Serai and the sample helpdesk's own OAuth server. */
@Timeout(120)
class ConnectFlowTest {
  @TempDir static Path data;
  private static ConnectWorld world;
  private static int integrations;

  @BeforeAll
  static void open() throws Exception {
    world = new ConnectWorld(data, FreePorts.pair());
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static String integration() throws Exception {
    String key = "desk-" + ++integrations;
    world.integration(key);
    return key;
  }

  private static Popup popup() {
    return new Popup(world.url);
  }

  @Test
  void a_customer_who_consents_is_connected_with_all_that_the_session_says() throws Exception {
    String key = integration();
    Popup popup = popup();
    String consent = popup.begin(key, world.asking(world.session(",\"tags\":{\"team\":\"a\"}")));
    HttpResponse<String> page = popup.get(Popup.decide(consent, "alice", "allow"));

    assertThat(consent)
        .startsWith(world.helpdesk + "/oauth/authorize?")
        .contains("response_type=code", "code_challenge_method=S256", "state=");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(Popup.message(page).path("type").asText()).isEqualTo("nango_oauth_callback_success");
    assertThat(popup.cookies).as("the cookie is used up").isEmpty();
    JsonNode connection =
        world
            .api("GET", "/connections/" + world.only(key) + "?provider_config_key=" + key, "")
            .body();
    assertThat(connection.at("/credentials/type").asText()).isEqualTo("OAUTH2");
    assertThat(connection.at("/credentials/access_token").asText()).isNotEmpty();
    assertThat(connection.at("/end_user/id").asText()).isEqualTo("ann");
    assertThat(connection.at("/tags/team").asText()).isEqualTo("a");
    assertThat(connection.at("/connection_config/url").asText()).isEqualTo(world.helpdesk);
  }

  @Test
  void the_result_page_runs_its_one_script_by_a_nonce_and_carries_no_secret() throws Exception {
    String key = integration();
    Popup popup = popup();
    String callback =
        Popup.decide(popup.begin(key, world.asking(world.session(""))), "alice", "allow");
    HttpResponse<String> page = popup.get(callback);

    String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .matches(
            "default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(page.body())
        .contains("BroadcastChannel('nango-oauth-callback')", "nango_oauth_callback_ack")
        .doesNotContain(callback.replaceAll(".*code=([^&]+).*", "$1"))
        .doesNotContain(callback.replaceAll(".*state=([^&]+).*", "$1"));
  }

  @Test
  void a_customer_who_says_no_ends_the_flow_with_the_providers_own_words() throws Exception {
    String key = integration();
    Popup popup = popup();
    HttpResponse<String> page =
        popup.get(Popup.decide(popup.begin(key, world.asking(world.session(""))), "alice", "deny"));

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(Popup.errorType(page)).isEqualTo("connection_validation_failed");
    assertThat(Popup.message(page).at("/payload/message").asText()).contains("access_denied");
    assertThat(world.count(key)).isZero();
  }

  @Test
  void words_of_a_provider_are_shown_and_never_run() throws Exception {
    String key = integration();
    Popup popup = popup();
    String consent = popup.begin(key, world.asking(world.session("")));
    String state = consent.replaceAll(".*[?&]state=([^&]+).*", "$1");
    HttpResponse<String> page =
        popup.get(
            world.url
                + "/oauth/callback?error=no&error_description=%3C%2Fscript%3E%3Cimg+src%3Dx%3E&state="
                + state);

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(page.body()).doesNotContain("</script><img", "<img");
    assertThat(page.body().split("</script>", -1)).hasSize(2);
  }

  @Test
  void a_callback_in_another_browser_is_refused_and_the_first_browser_can_still_end_it()
      throws Exception {
    String key = integration();
    Popup mine = popup();
    String callback =
        Popup.decide(mine.begin(key, world.asking(world.session(""))), "alice", "allow");
    Popup thief = popup();
    thief.begin(key, world.asking(world.session("")));

    assertThat(Popup.errorType(thief.get(callback))).isEqualTo("state_cookie_err");
    assertThat(world.count(key)).isZero();
    assertThat(mine.get(callback).statusCode()).isEqualTo(200);
    assertThat(world.count(key)).isEqualTo(1);
  }

  @Test
  void a_login_swap_by_a_callback_that_somebody_else_prepared_is_refused() throws Exception {
    String key = integration();
    Popup attacker = popup();
    String prepared =
        Popup.decide(attacker.begin(key, world.asking(world.session(""))), "bob", "allow");
    Popup victim = popup();
    String own = victim.begin(key, world.asking(world.session("")));
    String state = own.replaceAll(".*[?&]state=([^&]+).*", "$1");
    String swapped = prepared.replaceAll("state=[^&]+", "state=" + state);

    assertThat(Popup.errorType(victim.get(prepared))).isEqualTo("state_cookie_err");
    HttpResponse<String> withOwnState = victim.get(swapped);
    assertThat(withOwnState.statusCode()).as("PKCE binds the code to its flow").isEqualTo(400);
    assertThat(world.count(key)).isZero();
  }

  @Test
  void a_callback_counts_once() throws Exception {
    String key = integration();
    Popup popup = popup();
    String callback =
        Popup.decide(popup.begin(key, world.asking(world.session(""))), "alice", "allow");
    String cookie = popup.cookies.keySet().iterator().next();
    String value = popup.cookies.get(cookie);

    assertThat(popup.get(callback).statusCode()).isEqualTo(200);
    popup.cookies.put(cookie, value);
    assertThat(Popup.errorType(popup.get(callback))).isEqualTo("state_err");
    assertThat(world.count(key)).isEqualTo(1);
  }

  @Test
  void a_state_that_is_guessed_or_too_old_is_refused() throws Exception {
    String key = integration();
    Popup popup = popup();
    String callback =
        Popup.decide(popup.begin(key, world.asking(world.session(""))), "alice", "allow");
    world.sql("update oauth_flow set expires_at = now() - interval '1 second'");

    assertThat(Popup.errorType(popup.get(callback))).isEqualTo("state_err");
    assertThat(Popup.errorType(popup.get(world.url + "/oauth/callback?code=x&state=guess")))
        .isEqualTo("state_err");
    assertThat(Popup.errorType(popup.get(world.url + "/oauth/callback?code=x")))
        .isEqualTo("state_err");
    assertThat(world.count(key)).isZero();
  }

  @Test
  void a_flow_lasts_ten_minutes_and_keeps_nothing_in_the_clear() throws Exception {
    String key = integration();
    Popup popup = popup();
    String session = world.session("");
    String consent = popup.begin(key, world.asking(session));

    assertThat(
            world.number(
                "select round(extract(epoch from max(expires_at) - now())) from oauth_flow"))
        .isBetween(590L, 601L);
    String stored =
        world.database.read(h ->
            h.createQuery("select string_agg(oauth_flow::text, ' ') from oauth_flow")
                .mapTo(String.class)
                .one());
    assertThat(stored)
        .doesNotContain(consent.replaceAll(".*[?&]state=([^&]+).*", "$1"))
        .doesNotContain(popup.cookies.values().iterator().next());
  }

  @Test
  void a_flow_of_an_integration_that_was_made_anew_is_refused() throws Exception {
    String key = integration();
    Popup popup = popup();
    String callback =
        Popup.decide(popup.begin(key, world.asking(world.session(""))), "alice", "allow");
    world.api("DELETE", "/integrations/" + key, "");
    world.integration(key);

    assertThat(Popup.errorType(popup.get(callback))).isEqualTo("unknown_provider_config");
    assertThat(world.count(key)).isZero();
  }

  @Test
  void a_flow_ends_with_the_session_that_it_began_in() throws Exception {
    String key = integration();
    Popup popup = popup();
    String session = world.session("");
    String callback = Popup.decide(popup.begin(key, world.asking(session)), "alice", "allow");
    assertThat(world.call("DELETE", "/connect/session", "", session).status()).isEqualTo(204);

    assertThat(Popup.errorType(popup.get(callback))).isEqualTo("unknown_connect_session_token");
    assertThat(world.count(key)).isZero();
  }

  @Test
  void a_session_that_made_its_connection_makes_no_second_one() throws Exception {
    String key = integration();
    String other = integration();
    String session = world.session("");
    Popup popup = popup();
    String behind = Popup.decide(popup.begin(key, world.asking(session)), "carol", "allow");
    assertThat(popup().connect(key, world.asking(session), "alice").statusCode()).isEqualTo(200);

    HttpResponse<String> again =
        popup().get(world.url + "/oauth/connect/" + key + "?" + world.asking(session));
    ConnectWorld.Answer entered =
        world.page("/api-auth/api-key/" + key + "?" + world.asking(session), "{\"apiKey\":\"x\"}");

    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(Popup.errorType(again)).isEqualTo("unknown_connect_session_token");
    assertThat(entered.status()).isEqualTo(401);
    assertThat(entered.code()).isEqualTo("unknown_connect_session_token");
    assertThat(Popup.errorType(popup.get(behind)))
        .as("a flow that began before the other ended")
        .isEqualTo("unknown_connect_session_token");
    assertThat(world.count(key)).isEqualTo(1);
    assertThat(world.call("GET", "/connect/session", "", session).status()).isEqualTo(200);
    assertThat(popup().connect(other, world.asking(session), "alice").statusCode())
        .as("another integration of the same session")
        .isEqualTo(200);
  }

  @Test
  void a_session_connects_only_what_it_allows_and_chooses_no_id() throws Exception {
    String key = integration();
    String other = integration();
    String session = world.session(",\"allowed_integrations\":[\"" + other + "\"]");
    HttpResponse<String> refused =
        popup().get(world.url + "/oauth/connect/" + key + "?" + world.asking(session));
    HttpResponse<String> chosen =
        popup()
            .get(
                world.url
                    + "/oauth/connect/"
                    + other
                    + "?connection_id=mine&"
                    + world.asking(session));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Popup.errorType(refused)).isEqualTo("integration_not_allowed");
    assertThat(Popup.errorType(chosen)).isEqualTo("invalid_query_params");
    ConnectWorld.Answer entered =
        world.page("/api-auth/api-key/" + key + "?" + world.asking(session), "{\"apiKey\":\"x\"}");
    assertThat(entered.status()).isEqualTo(400);
    assertThat(entered.code()).isEqualTo("integration_not_allowed");
  }

  @Test
  void what_the_session_sets_wins_over_what_the_page_says() throws Exception {
    String key = integration();
    String session =
        world.session(
            (",\"integrations_config_defaults\":{\"%s\":{\"user_scopes\":\"tickets:read\","
                    + "\"authorization_params\":{\"prompt\":\"login\"},"
                    + "\"connection_config\":{\"url\":\"%s\"}}}")
                .formatted(key, world.helpdesk));
    String consent =
        popup()
            .begin(
                key,
                "connect_session_token="
                    + session
                    + "&params%5Burl%5D=http://evil.example&user_scope=tickets:write"
                    + "&authorization_params[prompt]=none&authorization_params[extra]=a b&c&authorization_params[gone]=undefined"
                        .replace(" ", "%20"));

    assertThat(consent)
        .startsWith(world.helpdesk)
        .contains("prompt=login", "scope=tickets%3Aread", "extra=a")
        .doesNotContain("write", "gone", "prompt=none");
  }

  @Test
  void a_page_waits_at_its_websocket_and_its_id_is_good_for_one_flow() throws Exception {
    String key = integration();
    BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    WebSocket socket = listen(frames);
    JsonNode ack = frames.poll(10, TimeUnit.SECONDS);
    assertThat(ack.path("message_type").asText()).isEqualTo("connection_ack");
    String id = "&ws_client_id=" + ack.path("ws_client_id").asText();
    Popup popup = popup();
    HttpResponse<String> page = popup.connect(key, world.asking(world.session("")) + id, "alice");
    assertThat(page.statusCode()).isEqualTo(200);

    JsonNode success = frames.poll(10, TimeUnit.SECONDS);
    assertThat(success.path("message_type").asText()).isEqualTo("success");
    assertThat(success.path("provider_config_key").asText()).isEqualTo(key);
    assertThat(success.path("connection_id").asText()).isEqualTo(world.only(key));
    assertThat(success.path("is_pending").asBoolean()).isFalse();
    JsonNode said = Popup.message(page).path("payload");
    assertThat(said.path("wsClientId").asText()).isEqualTo(ack.path("ws_client_id").asText());
    assertThat(said.path("providerConfigKey").asText()).isEqualTo(key);
    assertThat(said.path("connectionId").asText()).isEqualTo(world.only(key));
    assertThat(said.path("isPending").asBoolean(true)).isFalse();
    HttpResponse<String> again =
        popup()
            .get(world.url + "/oauth/connect/" + key + "?" + world.asking(world.session("")) + id);
    assertThat(Popup.errorType(again)).isEqualTo("url_param_err");
    assertThat(Popup.message(again).at("/payload/wsClientId").isMissingNode())
        .as("this is not its flow")
        .isTrue();
    HttpResponse<String> madeUp =
        popup()
            .get(
                world.url
                    + "/oauth/connect/"
                    + key
                    + "?"
                    + world.asking(world.session(""))
                    + "&ws_client_id=0a1b2c3d-1111-4222-8333-444455556666");
    assertThat(Popup.errorType(madeUp)).isEqualTo("url_param_err");
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            world.number(
                    "select count(*) from flow_result where socket = '"
                        + ack.path("ws_client_id").asText()
                        + "'")
                == 0);
  }

  @Test
  void a_page_is_told_why_a_flow_failed() throws Exception {
    BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    WebSocket socket = listen(frames);
    String id = frames.poll(10, TimeUnit.SECONDS).path("ws_client_id").asText();
    HttpResponse<String> page =
        popup()
            .get(
                world.url
                    + "/oauth/connect/nowhere?"
                    + world.asking(world.session(""))
                    + "&ws_client_id="
                    + id);

    assertThat(Popup.message(page).at("/payload/wsClientId").asText()).isEqualTo(id);
    JsonNode error = frames.poll(10, TimeUnit.SECONDS);
    assertThat(error.path("message_type").asText()).isEqualTo("error");
    assertThat(error.path("error_type").asText()).isEqualTo("unknown_provider_config");
    assertThat(error.path("error_desc").asText()).contains("nowhere");
    socket.abort();
  }

  private static WebSocket listen(BlockingQueue<JsonNode> frames) {
    return ConnectWorld.socket(world.url, frames);
  }

  @Test
  void entered_credentials_connect_and_wrong_ones_leave_nothing() throws Exception {
    String key = integration();
    String path = "/api-auth/api-key/" + key + "?" + world.asking(world.session(""));
    ConnectWorld.Answer wrong = world.page(path, "{\"apiKey\":\"wrong\"}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.code()).isEqualTo("connection_test_failed");
    assertThat(wrong.at("/error/message")).contains("401");
    assertThat(wrong.whole().headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(world.count(key)).isZero();

    ConnectWorld.Answer right = world.page(path, "{\"apiKey\":\"sample-key\"}");
    assertThat(right.status()).as(right.whole().body()).isEqualTo(200);
    assertThat(right.at("/connectionId")).isEqualTo(world.only(key));
    assertThat(right.at("/providerConfigKey")).isEqualTo(key);
  }

  @Test
  void a_door_for_another_kind_of_credentials_is_closed() throws Exception {
    String key = integration();
    String query = key + "?" + world.asking(world.session(""));
    assertThat(
            world
                .page("/api-auth/basic/" + query, "{\"username\":\"a\",\"password\":\"b\"}")
                .code())
        .isEqualTo("invalid_auth_mode");
    assertThat(world.page("/auth/bill/" + query, "{}").code()).isEqualTo("invalid_auth_mode");
    assertThat(world.page("/auth/unauthenticated/" + query, "").code())
        .isEqualTo("invalid_auth_mode");
    assertThat(world.page("/api-auth/api-key/" + query, "{\"apiKey\":\"a\",\"x\":1}").code())
        .isEqualTo("invalid_body");
    assertThat(
            world
                .page(
                    "/api-auth/api-key/nowhere?" + world.asking(world.session("")),
                    "{\"apiKey\":\"a\"}")
                .status())
        .isEqualTo(404);
  }

  @Test
  void a_page_without_a_session_or_key_is_let_in_nowhere() throws Exception {
    String key = integration();
    assertThat(world.page("/api-auth/api-key/" + key, "{\"apiKey\":\"a\"}").code())
        .isEqualTo("missing_public_key");
    assertThat(
            world
                .page("/api-auth/api-key/" + key + "?public_key=nonsense", "{\"apiKey\":\"a\"}")
                .code())
        .isEqualTo("invalid_public_key");
    assertThat(
            world
                .page(
                    "/api-auth/api-key/" + key + "?connect_session_token=nango_connect_session_1",
                    "{\"apiKey\":\"a\"}")
                .code())
        .isEqualTo("invalid_connect_session_token_format");
  }

  @Test
  void a_public_key_makes_connections_in_dev_and_overrides_only_with_an_hmac() throws Exception {
    String key = integration();
    String publicKey =
        world.database.read(h ->
            h.createQuery("select public_key::text from environment where name = 'dev'")
                .mapTo(String.class)
                .one());
    String path =
        "/api-auth/api-key/%s?public_key=%s&params%%5Burl%%5D=%s&connection_id=mine"
            .formatted(key, publicKey, world.helpdesk);
    String right = "{\"apiKey\":\"sample-key\"}";

    assertThat(world.page(path, right).status()).isEqualTo(200);
    assertThat(world.page(path, right).code()).isEqualTo("connection_exists");
    assertThat(
            world
                .api(
                    "PATCH",
                    "/environment/settings",
                    "{\"hmac_key\":\"hmac-key\",\"hmac_enabled\":true}")
                .status())
        .isEqualTo(200);
    try {
      assertThat(world.page(path, right).code()).isEqualTo("missing_hmac");
      assertThat(world.page(path + "&hmac=00", right).code()).isEqualTo("invalid_hmac");
      String other = FrontDoor.sign("hmac-key", key, "another");
      assertThat(world.page(path + "&hmac=" + other, right).code()).isEqualTo("invalid_hmac");
      String signed = FrontDoor.sign("hmac-key", key, "mine");
      assertThat(world.page(path + "&hmac=" + signed, right).status()).isEqualTo(200);
      assertThat(world.count(key)).isEqualTo(1);
    } finally {
      world.api("PATCH", "/environment/settings", "{\"hmac_key\":null,\"hmac_enabled\":false}");
    }
  }

  @Test
  void a_public_key_outside_dev_opens_nothing_without_an_hmac() throws Exception {
    world.sql(
        "insert into environment (name, webhook_signing_key, public_key) values ('prod', '\\x00', '11111111-2222-4333-8444-555555555555')");

    assertThat(
            world
                .page(
                    "/api-auth/api-key/x?public_key=11111111-2222-4333-8444-555555555555",
                    "{\"apiKey\":\"a\"}")
                .code())
        .isEqualTo("deprecated_authentication");
  }

  @Test
  void a_reconnect_brings_new_credentials_to_its_one_connection() throws Exception {
    String key = integration();
    popup().connect(key, world.asking(world.session("")), "alice");
    String id = world.only(key);
    long row = world.number("select id from connection where connection_id = '" + id + "'");
    String session = world.reconnect(key, id, "");
    HttpResponse<String> page = popup().connect(key, "connect_session_token=" + session, "alice");

    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(world.only(key)).isEqualTo(id);
    assertThat(
            world.number(
                "select id from connection where connection_id = '"
                    + id
                    + "' and deleted_at is null"))
        .isEqualTo(row);
    assertThat(world.number("select generation from credential where connection = " + row))
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void a_reconnect_with_another_account_is_refused_unless_it_is_confirmed() throws Exception {
    String key = integration();
    popup().connect(key, world.asking(world.session("")), "alice");
    String id = world.only(key);
    String[] as = {"Connection-Id", id, "Provider-Config-Key", key};
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            !world
                .api("GET", "/records?model=Ticket&limit=2", "", as)
                .body()
                .path("records")
                .isEmpty());
    String cursor =
        world
            .api("GET", "/records?model=Ticket&limit=2", "", as)
            .at("/records/1/_nango_metadata/cursor");
    long row = world.number("select id from connection where connection_id = '" + id + "'");
    String asking = "connect_session_token=" + world.reconnect(key, id, "");
    String other = "connect_session_token=" + world.reconnect(key, id, "");

    HttpResponse<String> refused = popup().connect(key, asking, "bob");
    assertThat(Popup.errorType(refused)).isEqualTo("account_differs");
    assertThat(Popup.message(refused).at("/payload/message").asText()).contains("alice", "bob");
    assertThat(
            world.number(
                "select count(*) from connection where id = " + row + " and deleted_at is null"))
        .isEqualTo(1);

    HttpResponse<String> confirmed =
        popup().connect(key, asking + "&confirm_account_change=true", "bob");
    assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(200);
    assertThat(world.only(key)).isEqualTo(id);
    assertThat(
            world.number(
                "select id from connection where connection_id = '"
                    + id
                    + "' and deleted_at is null"))
        .isNotEqualTo(row);
    ConnectWorld.Answer old = world.api("GET", "/records?model=Ticket&cursor=" + cursor, "", as);
    assertThat(old.status()).as(old.whole().body()).isEqualTo(400);
    assertThat(old.code()).isEqualTo("cursor_expired");
    assertThat(world.number("select count(*) from credential where connection = " + row)).isZero();
    HttpResponse<String> late = popup().get(world.url + "/oauth/connect/" + key + "?" + other);
    assertThat(Popup.errorType(late))
        .as("the session was for the old one")
        .isEqualTo("unknown_connection");
  }

  @Test
  void what_the_backend_said_of_another_account_binds_whatever_the_page_says() throws Exception {
    String key = integration();
    popup().connect(key, world.asking(world.session("")), "alice");
    String never = world.reconnect(key, world.only(key), ",\"confirm_account_change\":false");

    HttpResponse<String> page =
        popup()
            .connect(key, "connect_session_token=" + never + "&confirm_account_change=true", "bob");

    assertThat(Popup.errorType(page)).isEqualTo("account_differs");
  }

  @Test
  void a_session_tells_which_of_its_integrations_it_has_connected() throws Exception {
    String first = integration();
    String second = integration();
    String session =
        world.session(",\"allowed_integrations\":[\"%s\",\"%s\"]".formatted(first, second));
    popup().connect(first, world.asking(session), "alice");

    ConnectWorld.Answer shown = world.call("GET", "/connect/session", "", session);

    assertThat(shown.body().at("/data/used_integrations")).hasToString("[\"" + first + "\"]");
  }

  @Test
  void a_grant_is_given_back_with_its_connection_its_integration_or_its_account() throws Exception {
    String key = integration();
    int others = world.grants();
    popup().connect(key, world.asking(world.session("")), "carol");
    assertThat(world.grants()).isEqualTo(others + 1);
    world.api("DELETE", "/connections/" + world.only(key) + "?provider_config_key=" + key, "");
    assertThat(world.grants()).as("its connection is deleted").isEqualTo(others);

    popup().connect(key, world.asking(world.session("")), "carol");
    String asking = "connect_session_token=" + world.reconnect(key, world.only(key), "");
    popup().connect(key, asking, "bob");
    assertThat(world.grants()).as("hers, and his that nobody confirmed").isEqualTo(others + 2);
    popup().connect(key, asking + "&confirm_account_change=true", "bob");
    assertThat(world.grants()).as("hers is given back, he has another").isEqualTo(others + 2);

    assertThat(world.api("DELETE", "/integrations/" + key, "").status()).isEqualTo(200);
    assertThat(world.grants()).as("the one that nobody confirmed is left").isEqualTo(others + 1);
  }

  @Test
  void of_two_popups_of_one_reconnect_the_second_ends_nothing_of_what_the_first_one_made()
      throws Exception {
    String key = integration();
    popup().connect(key, world.asking(world.session("")), "carol");
    String id = world.only(key);
    String asking =
        "connect_session_token=" + world.reconnect(key, id, "") + "&confirm_account_change=true";
    Popup first = popup();
    Popup second = popup();
    String mine = Popup.decide(first.begin(key, asking), "carol", "allow");
    String other = Popup.decide(second.begin(key, asking), "bob", "allow");
    assertThat(first.get(mine).statusCode()).isEqualTo(200);
    int live = world.grants();

    HttpResponse<String> late = second.get(other);

    assertThat(Popup.errorType(late)).isEqualTo("unknown_connect_session_token");
    assertThat(world.grants()).as("and his own, that nobody has use for").isEqualTo(live + 1);
    ConnectWorld.Answer renewed =
        world.api(
            "GET",
            "/connections/" + id + "?provider_config_key=" + key + "&force_refresh=true",
            "");
    assertThat(renewed.status()).as(renewed.whole().body()).isEqualTo(200);
  }

  @Test
  void telemetry_is_thanked() throws Exception {
    assertThat(world.page("/connect/telemetry", "{\"token\":\"x\",\"event\":\"open\"}").status())
        .isEqualTo(204);
  }
}

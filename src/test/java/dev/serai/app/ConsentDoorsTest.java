package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.support.TestSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every door that leads over a provider's own page, from the popup to a call that the provider
 * believes, of a Serai that browsers reach by https.
 */
@Timeout(120)
class ConsentDoorsTest {
  private static final String PUBLIC = "https://serai.example";
  private static final String OWN =
      "&credentials%5Boauth_client_id_override%5D=own&credentials%5Boauth_client_secret_override%5D=secret-of-the-customer";

  @TempDir static Path folder;
  private static Consents provider;
  private static ConnectWorld world;

  private final Popup popup = new Popup(world.url);

  @BeforeAll
  static void open() throws Exception {
    provider = new Consents(folder.resolve("providers"));
    world =
        new ConnectWorld(
            new TestSettings(folder.resolve("data"))
                .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
                .with("SERAI_PUBLIC_URL", PUBLIC)
                .with("SERAI_OUTGOING_ALLOW", provider.http.address()),
            provider.http.url());
    ObjectNode app = Json.object().put("type", "APP").put("app_id", "app-1");
    app.put("app_link", provider.http.url() + "/apps/serai").put("private_key", provider.pem);
    integrate("hub", app);
    integrate(
        "proven",
        app.deepCopy().put("client_id", "ours").put("client_secret", Consents.APPS.get("ours")));
    for (String key : List.of("two", "tri", "one")) {
      integrate(
          key,
          Json.object()
              .put("type", key.equals("one") ? "OAUTH1" : "OAUTH2")
              .put("client_id", "ours")
              .put("client_secret", Consents.APPS.get("ours")));
    }
  }

  @AfterAll
  static void close() {
    world.close();
    provider.close();
  }

  private static void integrate(String key, ObjectNode credentials) throws Exception {
    ObjectNode body = Json.object().put("provider", key).put("unique_key", key);
    body.set("credentials", credentials);
    ConnectWorld.Answer made = world.api("POST", "/integrations", Json.write(body));
    assertThat(made.status()).as(made.whole().body()).isEqualTo(200);
  }

  /** Each test has its integrations for itself. */
  @AfterEach
  void nothing_is_left() throws Exception {
    provider.team = "";
    for (JsonNode each : world.api("GET", "/connections", "").body().path("connections")) {
      world.api(
          "DELETE",
          "/connections/%s?provider_config_key=%s"
              .formatted(
                  each.path("connection_id").asText(), each.path("provider_config_key").asText()),
          "");
    }
  }

  private static String asking() throws Exception {
    return "connect_session_token=" + world.session("");
  }

  private HttpResponse<String> get(String key, String query) throws Exception {
    return popup.get(world.url + "/oauth/connect/" + key + "?" + query);
  }

  /** The browser comes back to the public address, which is ours. */
  private static HttpResponse<String> back(Popup popup, String callback) throws Exception {
    assertThat(callback).startsWith(PUBLIC + "/");
    return popup.get(callback.replace(PUBLIC, world.url));
  }

  private static String state(String address) {
    return Proofs.form(address.replaceFirst("^[^?]*\\?", "")).get("state");
  }

  private static void connected(HttpResponse<String> page) {
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(Popup.message(page).path("type").asText()).isEqualTo("nango_oauth_callback_success");
  }

  /** The call of the connection's action. */
  private static void believed(String key) throws Exception {
    ConnectWorld.Answer answer =
        world.api(
            "POST",
            "/action/trigger",
            "{\"action_name\":\"me\",\"input\":{}}",
            "Connection-Id",
            world.only(key),
            "Provider-Config-Key",
            key);
    assertThat(answer.status()).as(answer.whole().body()).isEqualTo(200);
    assertThat(answer.at("/id")).isEqualTo("acc-1");
  }

  private static ConnectWorld.Answer shown(String key, String more) throws Exception {
    return world.api(
        "GET", "/connections/" + world.only(key) + "?provider_config_key=" + key + more, "");
  }

  @Test
  void an_installed_app_is_connected_and_called_with_a_token_of_its_installation()
      throws Exception {
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(world.url);
    String id = frames.poll(10, TimeUnit.SECONDS).path("ws_client_id").asText();
    String install = Popup.location(get("hub", asking() + "&ws_client_id=" + id));
    assertThat(install)
        .matches(
            "\\Q" + provider.http.url() + "\\E/apps/serai/installations/new\\?state=[\\w-]{43}");
    HttpResponse<String> page =
        back(popup, installed(install, "&setup_action=install&target=acme"));

    connected(page);
    assertThat(popup.cookies).isEmpty();
    believed("hub");
    JsonNode shown = shown("hub", "").body();
    assertThat(shown.at("/credentials/type").asText()).isEqualTo("APP");
    assertThat(shown.at("/credentials/installation_id").asText()).isEqualTo("99");
    assertThat(shown.at("/connection_config/org").asText()).isEqualTo("acme");
    JsonNode success = frames.poll(10, TimeUnit.SECONDS);
    assertThat(success.path("message_type").asText()).isEqualTo("success");
    assertThat(success.path("connection_id").asText()).isEqualTo(world.only("hub"));
    assertThat(success.path("is_pending").asBoolean(true)).isFalse();

    String first = shown.at("/credentials/access_token").asText();
    String renewed = shown("hub", "&force_refresh=true").at("/credentials/access_token");
    assertThat(renewed).startsWith("hub-").isNotEqualTo(first);
    believed("hub");
  }

  private static String installed(String install, String more) {
    return PUBLIC + "/app-auth/connect?installation_id=99&state=" + state(install) + more;
  }

  @Test
  void an_installation_that_an_owner_must_approve_first_is_told_as_pending() throws Exception {
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(world.url);
    String id = frames.poll(10, TimeUnit.SECONDS).path("ws_client_id").asText();
    String session = asking();
    String install = Popup.location(get("hub", session + "&ws_client_id=" + id));
    HttpResponse<String> page =
        back(popup, PUBLIC + "/app-auth/connect?setup_action=request&state=" + state(install));

    connected(page);
    assertThat(page.body())
        .contains("<h1>Almost done</h1>", "still has to approve", "done = false")
        .doesNotContain("Connected");
    JsonNode frame = frames.poll(10, TimeUnit.SECONDS);
    assertThat(frame.path("message_type").asText()).isEqualTo("success");
    assertThat(frame.path("provider_config_key").asText()).isEqualTo("hub");
    assertThat(frame.path("is_pending").asBoolean()).isTrue();
    assertThat(Popup.message(page).at("/payload/isPending").asBoolean()).isTrue();
    assertThat(Popup.message(page).at("/payload/wsClientId").asText()).isEqualTo(id);
    assertThat(world.count("hub")).isZero();

    // Approved: the same session connects, and it is the connection that the page waits for.
    String again = Popup.location(get("hub", session));
    connected(back(popup, installed(again, "&setup_action=install")));
    assertThat(world.only("hub")).isEqualTo(frame.path("connection_id").asText());
    believed("hub");
  }

  @Test
  void an_installation_is_taken_once_and_only_from_the_browser_that_began() throws Exception {
    String callback = installed(Popup.location(get("hub", asking())), "");
    Popup thief = new Popup(world.url);
    thief.get(world.url + "/oauth/connect/hub?" + asking());
    int asked = provider.http.requests().size();

    assertThat(Popup.errorType(back(thief, callback))).isEqualTo("state_cookie_err");
    assertThat(Popup.errorType(back(popup, callback.replaceAll("state=.*", "state=forged"))))
        .isEqualTo("state_err");
    assertThat(Popup.errorType(back(popup, callback.replaceAll("&state=.*", ""))))
        .isEqualTo("state_err");
    assertThat(provider.http.requests()).hasSize(asked);
    assertThat(world.count("hub")).isZero();
    connected(back(popup, callback));
    assertThat(Popup.errorType(back(popup, callback))).isEqualTo("state_err");
    assertThat(world.count("hub")).isEqualTo(1);
  }

  private static String asking(String endUser) throws Exception {
    return "connect_session_token="
        + world
            .api("POST", "/connect/sessions", "{\"end_user\":{\"id\":\"%s\"}}".formatted(endUser))
            .at("/data/token");
  }

  @Test
  void an_installation_that_is_another_end_users_already_is_not_given_to_whoever_names_it()
      throws Exception {
    connected(back(popup, installed(Popup.location(get("hub", asking())), "")));
    HttpResponse<String> claimed =
        back(popup, installed(Popup.location(get("hub", asking("eve"))), ""));

    assertThat(Popup.errorType(claimed)).isEqualTo("connection_validation_failed");
    assertThat(claimed.body()).contains("somebody else already");
    assertThat(world.count("hub")).isEqualTo(1);
    connected(back(popup, installed(Popup.location(get("hub", asking())), "")));
  }

  @Test
  void an_installation_is_proven_by_what_the_customer_may_see_at_the_provider() throws Exception {
    for (String code : new String[] {"", "&code=guess", "&code=eve-code-1"}) {
      HttpResponse<String> claimed =
          back(popup, installed(Popup.location(get("proven", asking("eve"))), code));
      assertThat(Popup.errorType(claimed)).as(code).isEqualTo("connection_validation_failed");
      assertThat(claimed.body()).doesNotContain("eve-code-1", "person-eve");
    }
    assertThat(world.count("proven")).isZero();
    assertThat(provider.http.requests())
        .as("nothing is asked of an installation that is not proven")
        .noneMatch(request -> request.path().startsWith("/proven/app/"));

    connected(back(popup, installed(Popup.location(get("proven", asking())), "&code=ann-code-1")));
    believed("proven");
    connected(
        back(popup, installed(Popup.location(get("proven", asking("bob"))), "&code=ann-code-2")));
    assertThat(world.count("proven")).as("both may see it").isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..%2F99", "98", ""})
  void an_installation_that_is_none_connects_nothing(String id) throws Exception {
    String callback = installed(Popup.location(get("hub", asking())), "");
    HttpResponse<String> page = back(popup, callback.replace("=99&", "=" + id + "&"));

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(Popup.errorType(page))
        .isEqualTo(id.equals("98") ? "connection_test_failed" : "connection_validation_failed");
    assertThat(world.count("hub")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "one"})
  void a_customer_who_agrees_is_connected_by_the_integrations_app_or_by_his_own(String key)
      throws Exception {
    connected(back(popup, provider.agreed(popup.begin(key, asking()))));
    believed(key);
    assertThat(shown(key, "").body().at("/credentials/config_override").isMissingNode()).isTrue();
    nothing_is_left();

    HttpResponse<String> page = back(popup, provider.agreed(popup.begin(key, asking() + OWN)));
    connected(page);
    assertThat(page.body()).doesNotContain("secret-of");
    believed(key);
    assertThat(shown(key, "").at("/credentials/config_override/client_id")).isEqualTo("own");
  }

  @Test
  void a_token_of_the_customers_own_app_is_renewed_by_that_app() throws Exception {
    connected(back(popup, provider.agreed(popup.begin("two", asking() + OWN))));
    String first = shown("two", "").at("/credentials/access_token");
    ConnectWorld.Answer renewed = shown("two", "&force_refresh=true");

    assertThat(renewed.status()).as(renewed.whole().body()).isEqualTo(200);
    assertThat(renewed.at("/credentials/access_token")).startsWith("two-").isNotEqualTo(first);
    believed("two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "one"})
  void a_wrong_secret_of_an_own_app_connects_nothing_and_is_not_shown(String key) throws Exception {
    String query = asking() + OWN.replace("secret-of-the-customer", "hidden-wrong");
    HttpResponse<String> page = get(key, query);
    if (page.statusCode() == 302) {
      page = back(popup, provider.agreed(Popup.location(page)));
    }

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(Popup.errorType(page)).isEqualTo("connection_validation_failed");
    assertThat(page.body()).doesNotContain("hidden-wrong");
    assertThat(world.count(key)).isZero();
  }

  @Test
  void a_browser_does_not_say_where_the_integrations_app_renews_its_tokens() throws Exception {
    String callback = provider.agreed(popup.begin("tri", asking()));
    HttpResponse<String> page = back(popup, callback + "&place=thief.example");

    assertThat(Popup.errorType(page)).isEqualTo("connection_validation_failed");
    assertThat(Popup.message(page).at("/payload/message").asText()).contains("Place decides");
    assertThat(world.count("tri")).isZero();
    connected(back(popup, provider.agreed(popup.begin("tri", asking()))));
    assertThat(shown("tri", "&force_refresh=true").status()).isEqualTo(200);
    believed("tri");
  }

  @Test
  void a_parameter_that_a_page_calls_undefined_is_sent_nowhere() throws Exception {
    for (String key : List.of("hub", "two", "one")) {
      assertThat(
              Popup.location(
                  get(
                      key,
                      asking() + "&authorization_params[a]=undefined&authorization_params[b]=1")))
          .contains("b=1")
          .doesNotContain("undefined");
    }
  }

  @Test
  void half_an_own_app_is_refused_where_it_could_sign_nothing() throws Exception {
    int asked = provider.http.requests().size();
    String half = OWN.replaceAll("&[^&]*secret_override.*", "");
    HttpResponse<String> page = get("one", asking() + half);

    assertThat(Popup.errorType(page)).isEqualTo("url_param_err");
    assertThat(Popup.message(page).at("/payload/message").asText())
        .contains("oauth_client_secret_override");
    assertThat(provider.http.requests()).hasSize(asked);
    assertThat(popup.begin("two", asking() + half))
        .as("a public client of OAuth 2")
        .contains("client_id=own");
  }

  @Test
  void a_refresh_token_that_the_customer_has_already_needs_no_consent() throws Exception {
    String ours = asking() + refreshing(provider.refreshToken("ours"));
    connected(get("two", ours));
    assertThat(popup.cookies).as("no flow was begun").isEmpty();
    believed("two");
    nothing_is_left();

    connected(get("two", asking() + OWN + refreshing(provider.refreshToken("own"))));
    believed("two");
    assertThat(shown("two", "&force_refresh=true").at("/credentials/config_override/client_id"))
        .isEqualTo("own");
    nothing_is_left();

    HttpResponse<String> another = get("two", asking() + refreshing(provider.refreshToken("own")));
    assertThat(Popup.errorType(another)).as("another app's").isEqualTo("token_err");
    HttpResponse<String> none = get("one", asking() + refreshing("x"));
    assertThat(Popup.errorType(none)).as("no OAuth 2").isEqualTo("invalid_auth_mode");
    assertThat(world.count("two")).isZero();
  }

  private static String refreshing(String token) {
    return "&credentials%5Boauth_refresh_token_override%5D=" + token;
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "one"})
  void providers_send_browsers_to_the_callback_url_of_the_environment(String key) throws Exception {
    String own = "https://app.example/back";
    set(Json.object().put("callback_url", own));
    String consent;
    try {
      consent = popup.begin(key, asking());
    } finally {
      set(Json.object().putNull("callback_url"));
    }
    String callback = provider.agreed(consent);
    assertThat(callback).startsWith(own + "?");
    // That page sends the browser on to us. The provider's code is for the address that was asked.
    connected(back(popup, callback.replace(own, PUBLIC + "/oauth/callback")));
    believed(key);
  }

  private static void set(ObjectNode settings) throws Exception {
    assertThat(world.api("PATCH", "/environment/settings", Json.write(settings)).status())
        .isEqualTo(200);
  }

  @Test
  void over_https_the_state_is_tied_by_a_cookie_that_no_other_host_can_plant() throws Exception {
    HttpResponse<String> begun = get("two", asking());
    String consent = Popup.location(begun);
    assertThat(begun.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .matches(
            "__Host-oauth2-\\Q%s\\E=[\\w-]{43}; Path=/; Max-Age=600; HttpOnly; SameSite=None; Secure"
                .formatted(state(consent)));
    String callback = provider.agreed(consent);

    Popup planted = new Popup(world.url);
    String value = popup.cookies.values().iterator().next();
    planted.cookies.put("oauth2-" + state(consent), value);
    assertThat(Popup.errorType(back(planted, callback))).isEqualTo("state_cookie_err");
    connected(back(popup, callback));
    assertThat(popup.cookies).as("the cookie is used up").isEmpty();
  }

  @Test
  void a_page_does_not_set_what_the_provider_tells_and_the_backend_does() throws Exception {
    String claim = "&params%5Bteam%5D=T666";
    connected(back(popup, provider.agreed(popup.begin("two", asking() + claim))));
    assertThat(shown("two", "").body().at("/connection_config").has("team")).isFalse();
    nothing_is_left();
    connected(get("two", asking() + claim + refreshing(provider.refreshToken("ours"))));
    assertThat(shown("two", "").body().at("/connection_config").has("team")).isFalse();
    nothing_is_left();

    String set =
        "connect_session_token="
            + world.session(
                ",\"integrations_config_defaults\":{\"two\":{\"connection_config\":{\"team\":\"T7\"}}}");
    connected(back(popup, provider.agreed(popup.begin("two", set + claim))));
    assertThat(shown("two", "").at("/connection_config/team")).isEqualTo("T7");
    nothing_is_left();

    provider.team = "T1";
    connected(back(popup, provider.agreed(popup.begin("two", asking() + claim))));
    assertThat(shown("two", "").at("/connection_config/team")).isEqualTo("T1");
  }

  @Test
  void what_is_configured_is_checked_and_filled_in_before_anybody_is_asked() throws Exception {
    String wrong = "&params%5Bregion%5D=nowhere";
    String token = provider.refreshToken("ours");
    int asked = provider.http.requests().size();
    for (String more : List.of(wrong, wrong + refreshing(token))) {
      HttpResponse<String> page = get("two", asking() + more);
      assertThat(page.statusCode()).isEqualTo(400);
      assertThat(Popup.errorType(page)).isEqualTo("connection_validation_failed");
      assertThat(Popup.message(page).at("/payload/message").asText()).contains("Region");
    }
    assertThat(popup.cookies).isEmpty();
    assertThat(provider.http.requests()).hasSize(asked);
    assertThat(provider.good(token)).as("not spent").isTrue();

    connected(get("two", asking() + refreshing(token)));
    assertThat(provider.good(token)).isFalse();
    assertThat(provider.http.requests().get(asked).path()).isEqualTo("/two/eu/token");
    assertThat(shown("two", "").at("/connection_config/region")).isEqualTo("eu");
    assertThat(popup.begin("two", asking())).startsWith(provider.http.url() + "/two/eu/authorize?");
    assertThat(popup.begin("two", asking() + "&params%5Bregion%5D=us"))
        .startsWith(provider.http.url() + "/two/us/authorize?");
  }
}

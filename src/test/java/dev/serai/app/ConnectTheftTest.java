package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.support.FakeProvider;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a thief tries with somebody else's state, code, session token, WebSocket id or app, against
 * a whole Serai; beside {@link ConnectFlowTest}, where the usual ways are.
 */
@Timeout(120)
class ConnectTheftTest {
  private static final String KEY_DOOR = "/api-auth/api-key/";
  private static final String RIGHT = "{\"apiKey\":\"sample-key\"}";

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
    String key = "theft-" + ++integrations;
    world.integration(key);
    return key;
  }

  private static Popup popup() {
    return new Popup(world.url);
  }

  private static String at(String key, String query) {
    return world.url + "/oauth/connect/" + key + "?" + query;
  }

  private static String socket(BlockingQueue<JsonNode> frames) throws Exception {
    return frames.poll(10, TimeUnit.SECONDS).path("ws_client_id").asText();
  }

  /** The cookie is of the host that the provider sends the browser back to. */
  @Test
  void a_page_that_knows_serai_as_localhost_is_connected_at_its_own_address() throws Exception {
    String key = integration();
    String local = world.url.replace("127.0.0.1", "localhost");
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(local);
    String query = world.asking(world.session("")) + "&ws_client_id=" + socket(frames);
    Map<String, String> cookies = new HashMap<>();

    String own = Popup.location(get(cookies, local + "/oauth/connect/" + key + "?" + query));
    assertThat(own)
        .startsWith(world.url + "/oauth/connect/" + key + "?")
        .contains("params%5Burl%5D=" + URLEncoder.encode(world.helpdesk, StandardCharsets.UTF_8));
    String consent = Popup.location(get(cookies, own));
    HttpResponse<String> page = get(cookies, Popup.decide(consent, "alice", "allow"));

    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    JsonNode told = frames.poll(10, TimeUnit.SECONDS);
    assertThat(told.path("message_type").asText()).isEqualTo("success");
    assertThat(told.path("connection_id").asText()).isEqualTo(world.only(key));
  }

  /** As a browser does that keeps its cookies by host. */
  private static HttpResponse<String> get(Map<String, String> cookies, String url)
      throws Exception {
    URI address = URI.create(url);
    HttpRequest.Builder request = HttpRequest.newBuilder(address).GET();
    if (cookies.containsKey(address.getHost())) {
      request.header("Cookie", cookies.get(address.getHost()));
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    answer
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(line -> cookies.put(address.getHost(), line.split(";")[0]));
    return answer;
  }

  @Test
  void a_browser_is_sent_to_the_own_address_once_whatever_a_proxy_makes_of_the_host()
      throws Exception {
    String key = integration();
    String local = world.url.replace("127.0.0.1", "localhost");
    String query = world.asking(world.session("")) + "&at_own_address=1";

    String consent =
        Popup.location(get(new HashMap<>(), local + "/oauth/connect/" + key + "?" + query));
    assertThat(consent).startsWith(world.helpdesk + "/oauth/authorize?");
  }

  @Test
  void a_customer_does_not_choose_where_the_integrations_app_proves_itself() throws Exception {
    String key = integration();
    try (FakeProvider thief = new FakeProvider()) {
      String query = "&params%5Burl%5D=" + thief.url();
      String refresh = "&credentials%5Boauth_refresh_token_override%5D=any";
      for (String more : new String[] {query, query + refresh}) {
        HttpResponse<String> page =
            popup().get(at(key, "connect_session_token=" + world.bare("") + more));
        assertThat(Popup.errorType(page)).isEqualTo("connection_validation_failed");
        assertThat(Popup.message(page).at("/payload/message").asText())
            .contains("Helpdesk URL", "integrations_config_defaults." + key, "app of your own");
      }
      assertThat(thief.requests()).isEmpty();

      String own =
          "&credentials%5Boauth_client_id_override%5D=mine&credentials%5Boauth_client_secret_override%5D=mine";
      String session = "connect_session_token=" + world.bare("");
      assertThat(popup().begin(key, session + query + own))
          .as("his own app is his to give away")
          .startsWith(thief.url() + "/oauth/authorize?");
    }
    assertThat(popup().begin(key, "connect_session_token=" + world.bare("")))
        .as("the declared default")
        .startsWith("http://127.0.0.1:3005/oauth/authorize?");
    assertThat(world.count(key)).isZero();
  }

  /** By an API key he may say where; that is no word of the developer's for the app. */
  @Test
  void an_address_that_a_customer_entered_before_is_not_believed_for_the_app() throws Exception {
    String key = integration();
    String query =
        "?connect_session_token=" + world.bare("") + "&params%5Burl%5D=" + world.helpdesk;
    assertThat(world.page(KEY_DOOR + key + query, RIGHT).status()).isEqualTo(200);
    String again = "connect_session_token=" + world.reconnect(key, world.only(key), "");

    assertThat(Popup.errorType(popup().get(at(key, again))))
        .isEqualTo("connection_validation_failed");
    String settled =
        ",\"integrations_config_defaults\":{\"%s\":{\"connection_config\":{\"url\":\"%s\"}}}"
            .formatted(key, world.helpdesk);
    String told = "connect_session_token=" + world.reconnect(key, world.only(key), settled);
    assertThat(popup().begin(key, told)).startsWith(world.helpdesk + "/oauth/authorize?");
  }

  @Test
  void a_window_that_waited_too_long_is_told_nothing_and_its_id_is_worth_nothing()
      throws Exception {
    String key = integration();
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(world.url);
    String id = socket(frames);
    world.sql(
        "update flow_result set expires_at = now() - interval '1 second' where socket = '%s'"
            .formatted(id));

    HttpResponse<String> page =
        popup().get(at(key, world.asking(world.session("")) + "&ws_client_id=" + id));
    assertThat(Popup.errorType(page)).isEqualTo("url_param_err");
    assertThat(frames.poll(2, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void a_window_whose_id_a_thief_took_first_is_not_told_the_thiefs_connection() throws Exception {
    String key = integration();
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(world.url);
    String id = "&ws_client_id=" + socket(frames);
    Popup thief = popup();
    String stolen = thief.begin(key, world.asking(world.session("")) + id);

    HttpResponse<String> mine = popup().get(at(key, world.asking(world.session("")) + id));
    assertThat(Popup.errorType(mine)).isEqualTo("url_param_err");
    JsonNode told = frames.poll(10, TimeUnit.SECONDS);
    assertThat(told.path("message_type").asText()).isEqualTo("error");
    assertThat(told.path("error_desc").asText()).contains("Somebody else");
    assertThat(thief.get(Popup.decide(stolen, "bob", "allow")).statusCode()).isEqualTo(200);
    assertThat(frames.poll(2, TimeUnit.SECONDS)).as("the first word is the last").isNull();
  }

  @Test
  void an_id_that_one_integration_has_is_nothing_to_another() throws Exception {
    String key = integration();
    String other = integration();
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(world.url);
    String asking = world.asking(world.session("")) + "&ws_client_id=" + socket(frames);
    Popup popup = popup();
    String consent = popup.begin(key, asking);

    assertThat(Popup.errorType(popup().get(at(other, asking)))).isEqualTo("url_param_err");
    assertThat(popup.get(Popup.decide(consent, "alice", "allow")).statusCode()).isEqualTo(200);
    JsonNode told = frames.poll(10, TimeUnit.SECONDS);
    assertThat(told.path("message_type").asText()).isEqualTo("success");
    assertThat(told.path("provider_config_key").asText()).isEqualTo(key);
  }

  @Test
  void a_session_whose_time_is_over_opens_no_popup_and_no_door() throws Exception {
    String key = integration();
    String asking = world.asking(world.session(""));
    world.sql("update connect_session set expires_at = now() - interval '1 second'");

    HttpResponse<String> page = popup().get(at(key, asking));
    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(Popup.errorType(page)).isEqualTo("unknown_connect_session_token");
    ConnectWorld.Answer entered = world.page(KEY_DOOR + key + "?" + asking, RIGHT);
    assertThat(entered.status()).isEqualTo(401);
    assertThat(entered.code()).isEqualTo("unknown_connect_session_token");
    assertThat(world.count(key)).isZero();
  }

  @Test
  void a_session_token_that_is_guessed_opens_no_popup_and_no_door() throws Exception {
    String key = integration();
    String guess = "nango_connect_session_" + "0".repeat(64);

    assertThat(Popup.errorType(popup().get(at(key, world.asking(guess)))))
        .isEqualTo("unknown_connect_session_token");
    assertThat(world.page(KEY_DOOR + key + "?" + world.asking(guess), RIGHT).status())
        .isEqualTo(401);
  }

  @Test
  void a_code_that_is_guessed_or_another_integrations_connects_nothing() throws Exception {
    String key = integration();
    String other = integration();
    String foreign =
        Popup.decide(popup().begin(other, world.asking(world.session(""))), "bob", "allow");
    String code = foreign.replaceAll(".*code=([^&]+).*", "$1");

    for (String given : new String[] {"guess", code}) {
      Popup popup = popup();
      String callback =
          Popup.decide(popup.begin(key, world.asking(world.session(""))), "alice", "allow");
      HttpResponse<String> page = popup.get(callback.replaceAll("code=[^&]+", "code=" + given));
      assertThat(page.statusCode()).isEqualTo(400);
      assertThat(Popup.errorType(page)).isEqualTo("connection_validation_failed");
      assertThat(page.body()).doesNotContain(code);
      assertThat(Popup.errorType(popup.get(callback)))
          .as("the flow is over")
          .isEqualTo("state_err");
    }
    assertThat(world.count(key)).isZero();
  }

  @Test
  void two_who_change_different_settings_at_once_lose_neither() throws Exception {
    String off = "{\"hmac_key\":null,\"hmac_enabled\":false,\"callback_url\":null}";
    try {
      for (int i = 0; i < 10; i++) {
        world.api("PATCH", "/environment/settings", off);
        Thread hmac = patching("{\"hmac_key\":\"hmac-key\",\"hmac_enabled\":true}");
        Thread callback = patching("{\"callback_url\":\"https://app.example/back\"}");
        hmac.join();
        callback.join();

        JsonNode left = world.api("GET", "/environment/settings", "").body().path("data");
        assertThat(left.path("hmac_enabled").asBoolean()).isTrue();
        assertThat(left.path("callback_url").asText()).isEqualTo("https://app.example/back");
      }
    } finally {
      world.api("PATCH", "/environment/settings", off);
    }
  }

  private static Thread patching(String settings) {
    return Thread.startVirtualThread(() -> {
      try {
        world.api("PATCH", "/environment/settings", settings);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }
}

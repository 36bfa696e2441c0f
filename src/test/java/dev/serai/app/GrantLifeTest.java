package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.Marked;
import dev.serai.vault.MasterKey;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Vault;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a grant begins, dies and is healed, in the whole program and on two nodes of it. */
@Timeout(120)
class GrantLifeTest {
  @TempDir static Path data;
  private static ConnectWorld world;
  private static ConnectWorld.Node another;
  private static int integrations;

  @BeforeAll
  static void open() throws Exception {
    world = new ConnectWorld(data.resolve("one"), FreePorts.pair());
    another = world.another(data.resolve("two"));
  }

  @AfterAll
  static void close() {
    another.close();
    world.close();
  }

  private static String integration() throws Exception {
    String key = "life-" + ++integrations;
    world.integration(key);
    return key;
  }

  @Test
  void a_flow_that_began_on_one_node_ends_on_another_and_the_waiting_page_is_told()
      throws Exception {
    String key = integration();
    BlockingQueue<JsonNode> frames = ConnectWorld.frames(world.url);
    String socket = frames.poll(10, TimeUnit.SECONDS).path("ws_client_id").asText();
    Popup here = new Popup(world.url);
    String consent = here.begin(key, world.asking(world.session("")) + "&ws_client_id=" + socket);
    String callback = Popup.decide(consent, "alice", "allow");
    assertThat(callback).startsWith(world.url + "/oauth/callback?");
    Popup there = new Popup(another.url());
    there.cookies.putAll(here.cookies);

    HttpResponse<String> page = there.get(callback.replace(world.url, another.url()));

    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    JsonNode told = frames.poll(10, TimeUnit.SECONDS);
    assertThat(told.path("message_type").asText()).isEqualTo("success");
    assertThat(told.path("connection_id").asText()).isEqualTo(world.only(key));
    HttpResponse<String> again = there.get(callback.replace(world.url, another.url()));
    assertThat(again.statusCode()).as("on either node a callback counts once").isEqualTo(400);
  }

  @Test
  void a_grant_that_its_customer_ended_stops_the_syncs_and_the_link_in_the_webhook_heals_it()
      throws Exception {
    String key = integration();
    new Popup(world.url).connect(key, world.asking(world.session("")), "carol");
    String id = world.only(key);
    awaitRun(key, id, "success");
    int renewed = counted("outcome=\"renewed\"");
    int dead = counted("outcome=\"dead\"");

    world.control().oauth().revoke("carol");
    world.sql("update credential set ends_at = clock_timestamp() - interval '1 second'");
    trigger(key, id);

    JsonNode failed = awaitRun(key, id, "failed");
    assertThat(failed.at("/error/class").asText()).isEqualTo("auth");
    assertThat(failed.at("/error/code").asText())
        .isIn("refresh_token_external_error", "connection_refresh_exhausted");
    assertThat(failed.at("/error/message").asText()).contains("reconnect");
    assertThat(counted("outcome=\"dead\"")).isEqualTo(dead + 1);
    assertThat(syncs(id, "blocked")).isEqualTo(syncs(id, "true")).isPositive();
    assertSilent(key, id);
    assertThat(details(key, id).at("/error/payload/connection/errors/0/type").asText())
        .isEqualTo("auth");
    JsonNode webhook = webhooks(id).getLast();
    assertThat(webhook.path("operation").asText()).isEqualTo("refresh");
    assertThat(webhook.path("success").asBoolean()).isFalse();
    assertThat(webhook.at("/error/type").asText()).isEqualTo("refresh_token_revoked");
    String link = webhook.path("reconnectLink").asText();
    assertThat(link).startsWith(world.url + "/connect/?session_token=");
    assertThat(get(link).statusCode()).isEqualTo(200);

    String session = link.replaceAll(".*session_token=", "");
    HttpResponse<String> healed =
        new Popup(world.url).connect(key, "connect_session_token=" + session, "carol");
    assertThat(healed.statusCode()).as(healed.body()).isEqualTo(200);

    assertThat(world.only(key)).isEqualTo(id);
    assertThat(details(key, id).path("errors")).isEmpty();
    awaitRun(key, id, "success");
    assertThat(webhooks(id).getLast().path("operation").asText()).isEqualTo("override");
    assertThat(webhooks(id).getLast().path("success").asBoolean()).isTrue();
    assertThat(counted("outcome=\"renewed\"")).isEqualTo(renewed);
  }

  @Test
  void a_key_that_its_customer_withdrew_stops_the_syncs_and_a_new_one_resumes_them()
      throws Exception {
    String key = integration();
    String id = "keyed";
    String first = apiKey();
    bring(key, id, first);
    awaitRun(key, id, "success");

    withdraw(first);
    trigger(key, id);

    JsonNode failed = awaitRun(key, id, "failed");
    assertThat(failed.at("/error/code").asText()).isEqualTo("unauthorized");
    assertThat(webhooks(id))
        .as("one refusal may be an outage")
        .extracting(told -> told.path("operation").asText())
        .containsExactly("creation");
    world.sql(
        "update token_refresh set retry_at = clock_timestamp() where connection in (select id from connection where connection_id = 'keyed')");
    JsonNode webhook =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> webhooks(id).getLast(),
                told -> told.path("operation").asText().equals("refresh"));
    assertThat(webhook.path("success").asBoolean()).isFalse();
    assertThat(webhook.at("/error/type").asText()).isEqualTo("credentials_revoked");
    assertThat(webhook.at("/error/description").asText())
        .contains("does not accept the API key any more")
        .doesNotContain(first);
    assertThat(get(webhook.path("reconnectLink").asText()).statusCode()).isEqualTo(200);
    assertThat(details(key, id).at("/error/payload/connection/errors/0/type").asText())
        .isEqualTo("auth");
    assertThat(
            world.number(
                "select count(*) from sync where not blocked and connection in (select id from connection where connection_id = 'keyed')"))
        .isZero();

    bring(key, id, apiKey());

    awaitRun(key, id, "success");
    assertThat(details(key, id).path("errors")).isEmpty();
    assertThat(webhooks(id))
        .extracting(told -> told.path("operation").asText())
        .containsExactly("creation", "refresh", "override");
  }

  /** The helpdesk takes an access token where it takes its key, and lets it be given up. */
  private static String apiKey() {
    return world.control().oauth().grant("bob").path("access_token").asText();
  }

  private static void withdraw(String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(world.helpdesk + "/v1/grant"))
            .header("Authorization", "Bearer " + key)
            .DELETE()
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(204);
  }

  private static void bring(String key, String id, String apiKey) throws Exception {
    ConnectWorld.Answer made =
        world.api(
            "POST",
            "/connections",
            "{\"provider_config_key\":\"%s\",\"connection_id\":\"%s\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"%s\"},\"connection_config\":{\"url\":\"%s\"}}"
                .formatted(key, id, apiKey, world.helpdesk));
    assertThat(made.status()).as(made.whole().body()).isBetween(200, 201);
  }

  @Test
  void renewals_are_counted_by_provider_and_outcome_and_no_label_holds_a_secret() throws Exception {
    String key = integration();
    new Popup(world.url).connect(key, world.asking(world.session("")), "bob");
    String id = world.only(key);
    int before = counted("outcome=\"renewed\"");

    JsonNode forced = details(key, id + "?force_refresh=true", "&");

    assertThat(forced.at("/credentials/access_token").asText()).isNotEmpty();
    assertThat(counted("outcome=\"renewed\"")).isEqualTo(before + 1);
    String page = get(world.management + "/metrics").body();
    List<String> lines = page.lines().filter(line -> line.startsWith("serai_token_")).toList();
    assertThat(lines)
        .isNotEmpty()
        .allSatisfy(line ->
            assertThat(line)
                .matches(
                    "serai_token_(refreshes_total\\{outcome=\"[a-z]+\",provider=\"sample\"}|grants\\{state=\"[a-z]+\"}) [0-9.]+"));
    assertThat(world.control().oauth().secrets())
        .hasSizeGreaterThan(4)
        .noneSatisfy(secret -> assertThat(page).contains(secret));
  }

  /** Whatever asks for it: nobody uses a grant that is over, and nobody tries to renew it. */
  private static void assertSilent(String key, String id) throws Exception {
    world.control().forgetRequests();
    for (int asking = 0; asking < 5; asking++) {
      trigger(key, id);
      assertThat(details(key, id).at("/error/payload/code").asText())
          .isEqualTo("connection_refresh_exhausted");
    }
    await()
        .during(Duration.ofSeconds(6)) // a look of the upkeep on both nodes
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            world
                .control()
                .requests()
                .path("requests")
                .valueStream()
                .noneMatch(request ->
                    request.path("target").asText().startsWith("/oauth/token")
                        || request.path("status").asInt() == 401));
  }

  private static int syncs(String id, String so) {
    return world.database.read(handle ->
        handle
            .createQuery(
                "select count(*)::int from sync join connection c on c.id = sync.connection where c.connection_id = ? and "
                    + so)
            .bind(0, id)
            .mapTo(Integer.class)
            .one());
  }

  private static void trigger(String key, String id) throws Exception {
    ConnectWorld.Answer answer =
        world.api(
            "POST",
            "/sync/trigger",
            "{\"syncs\":[\"tickets\"],\"provider_config_key\":\"%s\",\"connection_id\":\"%s\"}"
                .formatted(key, id));
    assertThat(answer.status()).as(answer.whole().body()).isEqualTo(200);
  }

  /** The youngest run of its tickets, once it has ended so. */
  private static JsonNode awaitRun(String key, String id, String outcome) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                world
                    .api(
                        "GET",
                        "/sync/runs?provider_config_key=%s&connection_id=%s&sync=tickets&limit=1"
                            .formatted(key, id),
                        "")
                    .body()
                    .at("/runs/0"),
            run -> run.path("outcome").asText().equals(outcome));
  }

  private static JsonNode details(String key, String id) throws Exception {
    return details(key, id, "?");
  }

  private static JsonNode details(String key, String path, String separator) throws Exception {
    return world
        .api("GET", "/connections/" + path + separator + "provider_config_key=" + key, "")
        .body();
  }

  /** What the backend was told of this connection's grant, in order. */
  private static List<JsonNode> webhooks(String id) {
    try (StoredKeys keys =
        new StoredKeys(world.database, MasterKey.parse(Marked.MASTER_KEY), null)) {
      MessageSealing sealing = new MessageSealing(new Vault(keys), false);
      return world.database.read(handle ->
          handle
              .createQuery(
                  "select m.id, m.body, m.sealed from message m join connection c on c.id = m.connection where m.type = 'auth' and c.connection_id = ? order by m.created_at")
              .bind(0, id)
              .map((row, context) -> {
                byte[] sealed = row.getBytes("sealed"); // with a link it is
                return sealed == null
                    ? row.getString("body")
                    : sealing.open(row.getString("id"), sealed);
              })
              .list()
              .stream()
              .map(Json::parse)
              .toList());
    }
  }

  /** Of both nodes: either may have done it. */
  private static int counted(String label) throws Exception {
    double all = 0;
    for (String node : List.of(world.management, another.management())) {
      all +=
          get(node + "/metrics")
              .body()
              .lines()
              .filter(
                  line -> line.startsWith("serai_token_refreshes_total{") && line.contains(label))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum();
    }
    return (int) all;
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).GET().build(),
            HttpResponse.BodyHandlers.ofString());
  }
}

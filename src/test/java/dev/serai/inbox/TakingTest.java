package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.provider.VendorWebhooks;
import dev.serai.provider.VendorWebhooks.Vendor;
import dev.serai.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door takes, what it keeps of it, and what it asks for again. */
class TakingTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String OWN_SECRETS =
      InboxWorld.SECRET_FIELD
          + InboxWorld.yaml()
              .replace(
                  "signed: [timestamp, \".\", body]",
                  "signed: [timestamp, \".\", body], secret: connection_config.hook_secret");

  private InboxWorld world;

  @AfterEach
  void close() {
    world.close();
  }

  private void start(String yaml, int perMinute) throws Exception {
    world =
        new InboxWorld(
            postgres, postgres.database(), false, perMinute, Duration.ofSeconds(60), yaml);
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.connection("two", "{\"team_id\": \"T2\"}");
    world.savingRoute("thing.saved");
  }

  private void settle() {
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);
  }

  private static String saved(String team, String n) {
    return "{\"event\":\"thing.saved\",\"team\":{\"id\":\"%s\"},\"n\":\"%s\"}".formatted(team, n);
  }

  @Test
  void a_provider_that_is_not_loaded_is_asked_to_send_again_and_one_without_webhooks_is_not()
      throws Exception {
    start(InboxWorld.yaml(), 0);
    world.providers = name -> Optional.empty();
    Reply reply = world.receive("d1", saved("T1", "1"));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body()).contains("webhook_provider_not_loaded");
    world.close();
    world.execute("delete from connection");
    String yaml = InboxWorld.yaml();
    start(yaml.substring(0, yaml.indexOf("webhooks:")), 0);
    assertThat(world.receive("d1", saved("T1", "1")).status()).isEqualTo(204);
  }

  @Test
  void too_many_new_ones_a_minute_are_asked_to_wait_and_repeated_ones_are_answered()
      throws Exception {
    start(InboxWorld.yaml(), 2);
    for (int i = 0; i < 9; i++) {
      assertThat(world.receive("f" + i, saved("T1", "1"), "forged", InboxWorld.NOW).status())
          .as("a stranger's do not count")
          .isEqualTo(401);
    }
    for (String delivery : List.of("a", "a", "a", "b")) {
      assertThat(world.receive(delivery, saved("T1", "1")).status()).isEqualTo(200);
    }

    assertThat(world.receive("c", saved("T1", "3")).status()).isEqualTo(429);
    assertThat(world.receive("a", saved("T1", "1")).status()).as("repeated").isEqualTo(200);
  }

  @Test
  void where_connections_prove_their_own_each_has_its_allowance() throws Exception {
    start(OWN_SECRETS, 1);
    world.secret("one", "one");
    world.secret("two", "two");

    assertThat(world.receive("a", saved("T1", "1"), "one", InboxWorld.NOW).status()).isEqualTo(200);
    assertThat(world.receive("b", saved("T1", "2"), "one", InboxWorld.NOW).status()).isEqualTo(429);
    assertThat(world.receive("c", saved("T2", "3"), "two", InboxWorld.NOW).status()).isEqualTo(200);
  }

  @Test
  void one_that_was_given_up_is_done_when_the_provider_sends_it_again() throws Exception {
    start(InboxWorld.yaml(), 0);
    world.receive("d1", saved("T1", "1"));
    world.receive("d2", saved("T1", "2"));
    world.execute(
        "update webhook_arrival set state = 'dead', attempts = 10, error = 'no match' where id = 2");
    settle();
    world.execute("update webhook_task set state = 'dead', attempts = 10, error = 'no luck'");
    world.ran.clear();

    assertThat(world.receive("d1", saved("T1", "1"), "forged", InboxWorld.NOW).status())
        .isEqualTo(401);
    assertThat(world.number("select count(*) from webhook_task where state = 'dead'")).isEqualTo(1);
    assertThat(world.receive("d1", saved("T1", "1")).status()).isEqualTo(200);
    assertThat(world.receive("d2", saved("T1", "2")).status()).isEqualTo(200);
    settle();

    assertThat(world.ran).hasSize(2);
    assertThat(world.number("select count(*) from webhook_task where state = 'done'")).isEqualTo(2);
  }

  @Test
  void a_secret_that_comes_in_the_body_is_neither_kept_nor_handed_on() throws Exception {
    start(
        InboxWorld.yaml().substring(0, InboxWorld.yaml().indexOf("  signature:"))
            + "  signature: {type: token, path: '.value[0].clientState'}\n"
            + "  each: .value\n  event: {path: .changeType}\n"
            + "  match: {path: .tenantId, to: connection_config.team_id}\n",
        0);
    world.route("*", "", (connection, page) -> Optional.empty());
    String body =
        "{\"value\":[{\"changeType\":\"created\",\"clientState\":\"%s\",\"tenantId\":\"T1\"},{\"changeType\":\"updated\",\"clientState\":\"another-one\",\"tenantId\":\"T2\"}]}"
            .formatted(InboxWorld.SECRET);

    assertThat(
            world
                .receive(
                    "POST",
                    "",
                    Headers.NONE,
                    body.replace("\"clientState\":\"" + InboxWorld.SECRET, "\"clientState\":\"x"))
                .status())
        .isEqualTo(401);
    assertThat(world.receive("POST", "", Headers.NONE, body).status()).isEqualTo(200);
    assertThat(world.receive("POST", "", Headers.NONE, body).status()).isEqualTo(200);
    String content =
        new String(
            Base64.getDecoder()
                .decode(
                    Json.parse(
                            world.text("select convert_from(content, 'UTF8') from webhook_arrival"))
                        .path("body")
                        .asText()),
            StandardCharsets.UTF_8);
    assertThat(content)
        .isEqualTo(
            "{\"value\":[{\"changeType\":\"created\",\"tenantId\":\"T1\"},{\"changeType\":\"updated\",\"tenantId\":\"T2\"}]}");
    settle();
    assertThat(world.ran).hasSize(2);
    assertThat(world.column("select body from message"))
        .hasSize(2)
        .noneMatch(sent -> sent.contains("clientState"));
  }

  @Test
  void a_form_whose_field_is_the_secret_is_kept_without_it() throws Exception {
    start(
        InboxWorld.yaml().substring(0, InboxWorld.yaml().indexOf("  signature:"))
            + "  signature: {type: token, path: .token}\n  event: {path: .event}\n"
            + "  match: {path: .team, to: connection_config.team_id}\n",
        0);
    world.route("*", "", (connection, page) -> Optional.empty());
    Headers form = Headers.NONE.with("Content-Type", "application/x-www-form-urlencoded");

    assertThat(
            world
                .receive("POST", "", form, "team=T1&event=a%26b&token=" + InboxWorld.SECRET)
                .status())
        .isEqualTo(200);
    settle();
    assertThat(world.ran).containsExactly("one a&b");
    assertThat(world.text("select body from message")).doesNotContain(InboxWorld.SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gitlab", "gitlab-signed"})
  void no_customer_of_gitlab_proves_a_delivery_for_another(String name) throws Exception {
    Vendor gitlab =
        VendorWebhooks.all().stream()
            .filter(vendor -> vendor.name().equals(name))
            .findFirst()
            .orElseThrow();
    JsonNode said = gitlab.said();
    start(
        Json.write(VendorWebhooks.provider(said.path("webhooks"), said.path("connection_config"))),
        0);
    String ofOne = "whsec_b25lLW9uZS1vbmUtb25lLW9uZS1vbmUtb25lLW9uZQ==";
    world.secret("one", ofOne);
    world.secret("two", "whsec_dHdvLXR3by10d28tdHdvLXR3by10d28tdHdvLXR3bw==");
    Headers byOne =
        name.equals("gitlab")
            ? Headers.NONE.with("X-Gitlab-Token", ofOne)
            : signedByGitlab("one-one-one-one-one-one-one-one");

    assertThat(world.receive("POST", "?connection_id=two", byOne, "{}").status()).isEqualTo(401);
    assertThat(world.receive("POST", "?connection_id=one", byOne, "{}").status()).isEqualTo(200);
    assertThat(world.column("select connections::text from webhook_arrival"))
        .containsExactly("{1}");
  }

  private static Headers signedByGitlab(String key) {
    String time = Long.toString(InboxWorld.NOW.getEpochSecond());
    byte[] sum = HexFormat.of().parseHex(InboxWorld.hmac(key, "id-1." + time + ".{}"));
    return Headers.NONE
        .with("webhook-id", "id-1")
        .with("webhook-timestamp", time)
        .with("webhook-signature", "v1," + Base64.getEncoder().encodeToString(sum));
  }
}

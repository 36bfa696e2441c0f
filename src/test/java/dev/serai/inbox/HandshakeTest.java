package dev.serai.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connection.ConnectionStore;
import dev.serai.http.Headers;
import dev.serai.support.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Providers that hand over the secret they will sign with, once, at the address they were given.
 */
class HandshakeTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String PER_ADDRESS =
      "signature: {header: X-Hook-Signature, secret: handshake}\n  handshake: {header: X-Hook-Secret, echo: true}\n  each: .events\n  event: {path: .action}\n  deduplicate: false\n";
  private static final String PER_INTEGRATION =
      "signature: {header: X-Sign, prefix: \"sha256=\"}\n  handshake: {path: .verification_token}\n  event: {path: .type}\n  match: {path: .workspace_id, to: connection_config.team_id}\n";
  private static final String BODY =
      "{\"events\":[{\"action\":\"changed\"},{\"action\":\"added\"}]}";

  private InboxWorld world;

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_first_secret_at_an_address_is_the_providers_and_proves_its_connection()
      throws Exception {
    start(PER_ADDRESS);
    String address = address("one");

    Reply shaken = send(address, Headers.NONE.with("X-Hook-Secret", "s3cret"), "");
    assertThat(shaken.status()).isEqualTo(200);
    assertThat(shaken.headers()).containsEntry("X-Hook-Secret", "s3cret");
    assertThat(send(address, Headers.NONE.with("X-Hook-Secret", "s3cret"), "").status())
        .as("its answer may have got lost")
        .isEqualTo(200);
    assertThat(send(address, signed("s3cret"), BODY).status()).isEqualTo(200);
    world.open();
    await().atMost(Duration.ofSeconds(20)).until(world::settled);

    assertThat(world.ran).containsExactlyInAnyOrder("one changed", "one added");
    assertThat(
            world.text(
                "select secret is not null and position('s3cret'::bytea in secret) = 0 from webhook_address"))
        .isEqualTo("t");
    assertThat(world.text("select convert_from(content, 'UTF8') from webhook_arrival"))
        .doesNotContain(URI.create(address).getQuery());
  }

  @Test
  void nobody_changes_a_secret_or_brings_one_to_an_address_that_we_did_not_make() throws Exception {
    start(PER_ADDRESS);
    String address = address("one");
    Headers thief = Headers.NONE.with("X-Hook-Secret", "thief");

    assertThat(send(address + "x", thief, "").status()).isEqualTo(401);
    assertThat(send("https://x/webhook/x/desk", thief, "").status()).isEqualTo(401);
    assertThat(send(address, signed("s3cret"), BODY).body())
        .as("before the handshake")
        .contains("webhook_missing_secret");
    assertThat(send(address, Headers.NONE.with("X-Hook-Secret", "s3cret"), "").status())
        .isEqualTo(200);
    assertThat(send(address, thief, "").body()).contains("webhook_missing_signature");
    assertThat(send(address, signed("thief"), BODY).status()).isEqualTo(401);
    assertThat(send(address("two"), signed("s3cret"), BODY).body())
        .as("another connection's address")
        .contains("webhook_missing_secret");
    world.execute("update connection set deleted_at = now() where connection_id = 'one'");
    assertThat(send(address, signed("s3cret"), BODY).status()).as("deleted").isEqualTo(401);
    assertThat(world.number("select count(*) from webhook_arrival")).isZero();
  }

  @Test
  void a_secret_for_the_whole_integration_is_kept_where_none_is_set() throws Exception {
    start(PER_INTEGRATION);
    world.execute("update integration set webhook_secret = null");
    String token = "{\"verification_token\":\"tok\"}";
    String event = "{\"type\":\"x\",\"workspace_id\":\"T1\"}";
    String plain = "https://x/webhook/x/desk";

    assertThat(send(plain, Headers.NONE, token).body()).doesNotContain("tok");
    assertThat(send(plain, Headers.NONE, token).status()).isEqualTo(200);
    assertThat(send(plain, Headers.NONE, token.replace("tok", "thief")).status()).isEqualTo(401);
    assertThat(
            send(
                    plain,
                    Headers.NONE.with("X-Sign", "sha256=" + InboxWorld.hmac("tok", event)),
                    event)
                .status())
        .isEqualTo(200);
    assertThat(
            send(
                    plain,
                    Headers.NONE.with("X-Sign", "sha256=" + InboxWorld.hmac("thief", event)),
                    event)
                .status())
        .isEqualTo(401);
  }

  private void start(String webhooks) throws Exception {
    String yaml = InboxWorld.yaml();
    yaml = yaml.substring(0, yaml.indexOf("  signature:")) + "  " + webhooks;
    world = new InboxWorld(postgres, postgres.database(), false, 0, Duration.ofSeconds(60), yaml);
    world.connection("one", "{\"team_id\": \"T1\"}");
    world.connection("two", "{\"team_id\": \"T2\"}");
    world.routes.register(
        "desk",
        java.util.Set.of("*"),
        new WebhookRoutes.Registered(
            (connection, body, page) -> {
              world.ran.add(connection.connectionId() + " " + body.path("action").asText());
              return Optional.empty();
            },
            ""));
  }

  private String address(String connection) {
    ConnectionStore store = new ConnectionStore(postgres.database());
    long id =
        world.number("select id from connection where connection_id = '%s'".formatted(connection));
    return world.addresses().make(store.find(id).orElseThrow());
  }

  private Reply send(String address, Headers headers, String body) {
    String query = URI.create(address).getRawQuery();
    return world.receive("POST", query == null ? "" : "?" + query, headers, body);
  }

  private static Headers signed(String secret) {
    return Headers.NONE.with("X-Hook-Signature", InboxWorld.hmac(secret, BODY));
  }
}

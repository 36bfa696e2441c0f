package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A call whose token the API refuses is repeated once, with the token that a renewal brought. */
class RenewedCallTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private KeeperWorld world;
  private HttpProviderClient client;
  private Connection connection;

  @BeforeEach
  void connect() {
    world = new KeeperWorld(postgres.database(), postgres.environment(), folder, "{margin: 1m}");
    var catalogue = world.oauth.catalogue();
    client = new HttpProviderClient(http, () -> catalogue, world.keeper("a"), 1 << 20);
    connection = world.oauth.connect("ann", Instant.now().plusSeconds(3_000), world.listeners());
    world.oauth.simulator.control().forgetRequests();
  }

  @AfterEach
  void close() {
    world.close();
    http.close();
  }

  @Test
  void a_refused_token_is_renewed_and_the_call_repeated() {
    world.oauth.simulator.control().oauth().expireAccess();

    assertThat(call("GET", "/v1/me", null).status()).isEqualTo(200);

    assertThat(asked())
        .containsExactly("GET /v1/me 401", "POST /oauth/token 200", "GET /v1/me 200");
    assertThat(call("GET", "/v1/me", null).status()).isEqualTo(200);
    assertThat(world.oauth.count("refresh_requests")).isEqualTo(1);
  }

  @Test
  void so_is_a_write_which_the_api_did_not_look_at() {
    world.oauth.simulator.control().oauth().expireAccess();

    assertThat(call("POST", "/v1/tickets", Json.object().put("subject", "s")).status())
        .isEqualTo(201);

    assertThat(asked())
        .containsExactly("POST /v1/tickets 401", "POST /oauth/token 200", "POST /v1/tickets 201");
  }

  @Test
  void an_api_that_refuses_every_token_costs_one_renewal_and_two_calls() {
    world
        .oauth
        .simulator
        .control()
        .fault(
            Json.object()
                .put("kind", "status")
                .put("status", 401)
                .put("path", "/v1/me")
                .put("times", 100));

    assertThat(call("GET", "/v1/me", null).status()).isEqualTo(401);
    assertThat(asked())
        .containsExactly("GET /v1/me 401", "POST /oauth/token 200", "GET /v1/me 401");

    for (int again = 0; again < 3; again++) {
      assertThat(call("GET", "/v1/me", null).status()).isEqualTo(401);
    }
    assertThat(asked()).as("the new token is not at fault").hasSize(6);
    assertThat(world.oauth.count("refresh_requests")).isEqualTo(1);
    assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
  }

  private HttpAnswer call(String method, String path, @Nullable JsonNode body) {
    return client.call(connection, new ProviderCall(method, path, List.of(), Headers.NONE, body));
  }

  private List<String> asked() {
    return world
        .oauth
        .simulator
        .control()
        .requests()
        .path("requests")
        .valueStream()
        .map(request ->
            "%s %s %s"
                .formatted(
                    request.path("method").asText(),
                    request.path("target").asText(),
                    request.path("status").asText()))
        .toList();
  }
}

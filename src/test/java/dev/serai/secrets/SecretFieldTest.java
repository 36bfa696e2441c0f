package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A field of the configuration that its provider marks secret later than it was filled in. */
@Timeout(300)
class SecretFieldTest {
  private static final String TENANT = "canary-tenant-" + UUID.randomUUID();
  private static final String OTHER = "canary-other-" + UUID.randomUUID();

  @TempDir Path folder;
  private CanaryWorld world;

  @BeforeEach
  void open() throws Exception {
    world = new CanaryWorld(folder, CanaryTest::echo, files(false));
    String made = "{\"provider\":\"rent\",\"unique_key\":\"rent\"}";
    assertThat(world.send("POST", "/integrations", made).statusCode()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void it_is_sealed_at_the_next_start_and_shown_to_nobody_from_then_on() throws Exception {
    assertThat(imported("ann", TENANT).statusCode()).isEqualTo(201);
    assertThat(imported("ben", TENANT).statusCode()).isEqualTo(201);
    assertThat(config("ann")).contains(TENANT);
    String ben = "/connections/ben?provider_config_key=rent";
    assertThat(world.send("DELETE", ben, "").statusCode()).isEqualTo(200);

    world.restart(files(true));

    assertThat(inTheOpen()).isEmpty();
    assertThat(config("ann")).contains("colour").doesNotContain("tenant");
    assertThat(sent("ann")).isEqualTo(TENANT);
    assertThat(generation()).as("no renewal under way is disturbed").isEqualTo(1);
  }

  @Test
  void a_node_that_does_not_know_yet_may_write_it_and_it_is_hidden_until_it_is_sealed()
      throws Exception {
    assertThat(imported("ann", TENANT).statusCode()).isEqualTo(201);
    world.restart(files(true));
    try (Database direct = world.database()) {
      direct.useTransaction(handle ->
          handle.execute(
              "update connection set connection_config = connection_config || jsonb_build_object('tenant', ?::text)",
              OTHER));
    }

    assertThat(config("ann")).contains("colour").doesNotContain(OTHER, "tenant");

    world.restart(files(true));
    assertThat(inTheOpen()).isEmpty();
    assertThat(sent("ann")).as("what is sealed already stays").isEqualTo(TENANT);
  }

  @Test
  void an_import_over_it_neither_asks_for_it_again_nor_loses_it() throws Exception {
    world.restart(files(true));
    HttpResponse<String> without = imported("ann", null);
    assertThat(without.statusCode()).isEqualTo(400);
    assertThat(without.body()).contains("Tenant is required");
    assertThat(imported("ann", TENANT).statusCode()).isEqualTo(201);

    HttpResponse<String> again = imported("ann", null);

    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(again.body()).doesNotContain(TENANT);
    assertThat(sent("ann")).isEqualTo(TENANT);
    assertThat(imported("ann", OTHER).statusCode()).isEqualTo(201);
    assertThat(sent("ann")).isEqualTo(OTHER);
    assertThat(inTheOpen()).isEmpty();
  }

  private static String[][] files(boolean secret) {
    return new String[][] {
      {
        "rent/provider.yaml",
        """
        name: rent
        display_name: Rent
        auth: {type: api_key, name: Authorization, prefix: "Bearer "}
        base_url: "@url"
        connection_config:
          tenant: {title: Tenant, description: x, pattern: '.+', example: t, secret: %s}
          colour: {title: Colour, description: x, pattern: '.+', example: red, required: false}
        headers: {X-Tenant: "${connection_config.tenant}"}
        retry: {max_attempts: 1}
        """
            .formatted(secret)
      },
      {
        "rent/actions/ask.camel.yaml",
        """
        - route:
            id: rent-action-ask
            description: Asks
            group: rent
            from:
              uri: action:rent/ask
              steps:
                - to: {id: rent-action-ask-send, uri: "provider:rent", parameters: {method: POST, path: /v1/ask}}
        """
      }
    };
  }

  private HttpResponse<String> imported(String id, String tenant) throws Exception {
    ObjectNode body = Json.object().put("provider_config_key", "rent").put("connection_id", id);
    body.putObject("credentials").put("type", "API_KEY").put("apiKey", "hushhush-key");
    ObjectNode config = body.putObject("connection_config").put("colour", "red");
    if (tenant != null) {
      config.put("tenant", tenant);
    }
    return world.send("POST", "/connections", Json.write(body));
  }

  private String config(String id) throws Exception {
    JsonNode shown =
        Json.parse(
            world.send("GET", "/connections/" + id + "?provider_config_key=rent", "").body());
    return shown.path("connection_config").toString();
  }

  /** With what tenant the provider is called. */
  private String sent(String id) throws Exception {
    assertThat(world.act("rent", id, "ask", "{\"how\":\"nicely\"}")).isEqualTo(200);
    return world.provider.requests().getLast().headers().get("x-tenant");
  }

  private Map<String, String> inTheOpen() throws Exception {
    Map<String, String> places = world.places();
    places.keySet().removeIf(place -> place.endsWith(".yaml"));
    return CanaryWorld.hits(places, Canary.of(TENANT, OTHER));
  }

  private int generation() {
    try (Database direct = world.database()) {
      return direct.<Integer>read(handle ->
          handle.createQuery("select max(generation) from credential").mapTo(Integer.class).one());
    }
  }
}

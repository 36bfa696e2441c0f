package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.support.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I7, and what a key may do: every operation there is, with a key that must not do just this. */
class ScopesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  /**
   * A request for something of the environment {@code dev}, which a key of {@code prod} sends too.
   *
   * @param status of the answer to the key of prod
   */
  private record Asked(
      String operation,
      String scope,
      Map<String, String> path,
      String query,
      String body,
      Map<String, String> headers,
      int status) {
    @Override
    public String toString() {
      return operation;
    }
  }

  private static final String HD = "'provider_config_key':'hd'";
  private static final String ANN = HD + ",'connection_id':'ann'";
  private static final String QUERY = "provider_config_key=hd";
  private static final Map<String, String> NAMED = Map.of("connectionId", "ann");
  private static final Map<String, String> KEYED = Map.of("uniqueKey", "hd");
  private static final Map<String, String> VARIANT = Map.of("name", "tickets", "variant", "v");
  private static final Map<String, String> HEADERS =
      Map.of("Connection-Id", "ann", "Provider-Config-Key", "hd");

  /** The scopes are the contract's and §8's; a new operation needs a line here. */
  static Stream<Asked> all() {
    return Stream.of(
        in("listIntegrations", "integrations:list", Map.of(), "", 200),
        in("getIntegration", "integrations:read", KEYED, "", 404),
        body(
            "createIntegration", "integrations:create", "'provider':'wiki','unique_key':'hd'", 200),
        new Asked(
            "updateIntegration",
            "integrations:update",
            KEYED,
            "",
            "'display_name':'mine'",
            Map.of(),
            404),
        in("deleteIntegration", "integrations:delete", KEYED, "", 404),
        in("listConnections", "connections:list", Map.of(), "", 200),
        in("getConnection", "connections:read", NAMED, QUERY, 400),
        body(
            "createConnection",
            "connections:create",
            ANN + ",'credentials':{'type':'API_KEY','apiKey':'k'}",
            404),
        new Asked(
            "patchConnection", "connections:update", NAMED, QUERY, "'tags':{}", Map.of(), 400),
        in("deleteConnection", "connections:delete", NAMED, QUERY, 400),
        body("setMetadata", "connections:update", ANN + ",'metadata':{'a':1}", 404),
        body("updateMetadata", "connections:update", ANN + ",'metadata':{'a':1}", 404),
        body(
            "createConnectSession",
            "connect_sessions:write",
            "'end_user':{'id':'u'},'allowed_integrations':['hd']",
            400),
        body(
            "createReconnectSession",
            "connect_sessions:write",
            "'connection_id':'ann','integration_id':'hd'",
            400),
        body("triggerSync", "syncs:execute", ANN + ",'syncs':['tickets']", 400),
        body("startSync", "syncs:execute", ANN + ",'syncs':['tickets']", 400),
        body("pauseSync", "syncs:execute", ANN + ",'syncs':['tickets']", 400),
        in("syncStatus", "syncs:read", Map.of(), QUERY + "&syncs=*&connection_id=ann", 400),
        body(
            "updateFrequency",
            "syncs:update",
            ANN + ",'sync_name':'tickets','frequency':'1h'",
            400),
        new Asked("createVariant", "syncs:variant:create", VARIANT, "", ANN, Map.of(), 400),
        new Asked("deleteVariant", "syncs:variant:delete", VARIANT, "", ANN, Map.of(), 400),
        in("listRuns", "syncs:read", Map.of(), QUERY + "&connection_id=ann", 400),
        in("listQuarantine", "records:read", NAMED, QUERY, 400),
        headed("listRecords", "records:read", "model=Ticket", "", 400),
        headed("listChanges", "records:read", "model=Ticket", "", 400),
        headed("pruneRecords", "records:write", "", "'model':'Ticket','until_cursor':'x'", 400),
        headed("triggerAction", "actions:execute", "", "'action_name':'ask'", 400),
        in("scriptsConfig", "functions:list", Map.of(), "", 200),
        in("listProviders", "integrations:list", Map.of(), "", 200),
        in("getProvider", "integrations:list", Map.of("provider", "board"), "", 200),
        in("listVariables", "variables:read", Map.of(), "", 200),
        in("getWebhookSettings", "webhooks:read", Map.of(), "", 200),
        body("setWebhookSettings", "webhooks:update", "'primary_url':'https://b.example'", 200),
        in("getEnvironmentSettings", "settings:read", Map.of(), "", 200),
        body("setEnvironmentSettings", "settings:update", "'hmac_enabled':false", 200),
        body("rotateSigningKey", "webhook_signing_key:rotate", "", 200),
        in("listApiKeys", "api_keys:list", Map.of(), "", 200),
        body("createApiKey", "api_keys:create", "'display_name':'mine'", 200),
        body("deleteApiKey", "api_keys:delete", "'id':1", 404));
  }

  private static Asked in(
      String operation, String scope, Map<String, String> path, String query, int status) {
    return new Asked(operation, scope, path, query, "", Map.of(), status);
  }

  private static Asked body(String operation, String scope, String body, int status) {
    return new Asked(operation, scope, Map.of(), "", body, Map.of(), status);
  }

  private static Asked headed(
      String operation, String scope, String query, String body, int status) {
    return new Asked(operation, scope, Map.of(), query, body, HEADERS, status);
  }

  private ApiRooms rooms;
  private Api api;
  private int dev;

  @BeforeEach
  void start() {
    rooms = new ApiRooms(postgres.database());
    dev = rooms.environments.ensure("dev", uuid -> rooms.signing.seal(uuid, "k")).id();
    UUID own = UUID.randomUUID();
    rooms.keys.put(dev, "own", own);
    api = rooms.api(0);
    Client client = new Client(api, own);
    client.createIntegration("helpdesk", "hd");
    assertThat(client.createConnection("hd", "ann").status()).isEqualTo(201);
    client.send("createConnectSession", Map.of(), "", json("'end_user':{'id':'u'}"));
  }

  @Test
  void every_operation_has_its_line() {
    Set<String> lines = all().map(Asked::operation).collect(Collectors.toCollection(TreeSet::new));
    lines.addAll(Set.of("getConnectSession", "deleteConnectSession")); // for sessions only

    assertThat(new TreeSet<>(api.operations())).isEqualTo(lines);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_key_that_lacks_just_this_right_is_refused_by_its_name(Asked asked) {
    UUID key = UUID.randomUUID();
    String scope = "environment:" + asked.scope();
    List<String> others =
        Arrays.stream(Scope.values()).map(Scope::text).filter(text -> !text.equals(scope)).toList();
    assertThat(others).hasSize(Scope.values().length - 1);
    rooms.keys.add(dev, "other", key, others);
    Map<String, String> before = rows();

    Client.Answer answer = send(key, asked);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(403);
    assertThat(answer.at("/error/message").asText())
        .isEqualTo("Insufficient scope. Required: " + scope);
    assertThat(rows()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_key_with_this_right_alone_is_not_refused_for_its_scopes(Asked asked) {
    UUID key = UUID.randomUUID();
    rooms.keys.add(dev, "only", key, List.of("environment:" + asked.scope()));

    assertThat(send(key, asked).status()).isNotEqualTo(403);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_key_of_another_environment_reaches_no_row_of_this_one(Asked asked) {
    UUID key = UUID.randomUUID();
    int prod = rooms.environments.ensure("prod", uuid -> rooms.signing.seal(uuid, "k")).id();
    rooms.keys.put(prod, "p", key);
    rooms.keys.put(prod, "q", UUID.randomUUID());
    Map<String, String> before = rows();

    Client.Answer answer = send(key, asked);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(asked.status());
    assertThat(rows()).isEqualTo(before);
    if (answer.status() == 200 && !asked.operation().equals("createIntegration")) {
      assertThat(answer.body().toString()).doesNotContain("\"hd\"", "\"ann\"", "\"own\"");
    }
  }

  private Client.Answer send(UUID key, Asked asked) {
    String body = asked.body().isEmpty() ? "" : json(asked.body());
    return new Client(api, key)
        .call(asked.operation(), asked.path(), asked.query(), body, asked.headers());
  }

  private static String json(String members) {
    return Json.write(Json.parse(("{" + members + "}").replace('\'', '"')));
  }

  /** Everything of dev. */
  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    for (String table : List.of("integration", "connection", "api_key", "connect_session")) {
      rows.put(table, text("select * from %s where environment = %d".formatted(table, dev)));
    }
    rows.put("environment", text("select * from environment where id = " + dev));
    for (String table : List.of("credential", "sync", "message")) {
      rows.put(table, text("select * from " + table));
    }
    return rows;
  }

  private static String text(String query) {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "select coalesce(string_agg(t::text, '\n' order by t::text), '') from (%s) t"
                        .formatted(query))
                .mapTo(String.class)
                .one());
  }
}

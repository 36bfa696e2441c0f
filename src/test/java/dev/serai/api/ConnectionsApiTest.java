package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.api.Client.Answer;
import dev.serai.support.TestDatabase;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsApiTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final Map<String, String> NONE = Map.of();
  private static final Map<String, String> ANN = Map.of("connectionId", "ann");

  private ApiRooms rooms;
  private Client client;

  @BeforeEach
  void start() {
    rooms = new ApiRooms(postgres.database());
    UUID key = UUID.randomUUID();
    rooms.keys.put(postgres.environment(), "test", key);
    client = new Client(rooms.api(0), key);
    client.createIntegration("helpdesk", "hd");
  }

  @Test
  void an_imported_connection_is_answered_whole_and_read_back_with_its_credentials() {
    Answer made =
        client.send(
            "createConnection",
            NONE,
            "",
            """
            {"provider_config_key": "hd", "connection_id": "ann", "metadata": {"a": 1},
             "connection_config": {"url": "http://h"}, "tags": {"Team": "red"},
             "end_user": {"id": "u1", "email": "u1@example.com"},
             "credentials": {"type": "API_KEY", "apiKey": "hushhush-secret-1"}}
            """);
    Answer read = client.get("getConnection", ANN, "provider_config_key=hd");

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/credentials/apiKey").asText()).isEqualTo("hushhush-secret-1");
    assertThat(made.at("/created_at").asText()).matches("\\d{4}-.*T.*\\.\\d{3}Z");
    assertThat(made.at("/last_fetched_at").isNull()).isTrue();
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.at("/credentials/type").asText()).isEqualTo("API_KEY");
    assertThat(read.at("/created_at").asText()).endsWith("+00:00");
    assertThat(read.at("/last_fetched_at").asText()).endsWith("+00:00");
    assertThat(read.at("/tags"))
        .hasToString(
            "{\"team\":\"red\",\"end_user_id\":\"u1\",\"end_user_email\":\"u1@example.com\"}");
    assertThat(read.at("/end_user/organization").isNull()).isTrue();
    assertThat(read.at("/metadata/a").asInt()).isEqualTo(1);
  }

  @Test
  void importing_the_same_id_again_overrides_and_keeps_what_was_not_given() {
    int id = client.createConnection("hd", "ann").at("/id").asInt();
    client.send(
        "setMetadata",
        NONE,
        "",
        "{\"connection_id\":\"ann\",\"provider_config_key\":\"hd\",\"metadata\":{\"keep\":true}}");

    Answer again = client.createConnection("hd", "ann");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.at("/id").asInt()).isEqualTo(id);
    assertThat(again.at("/metadata/keep").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                            | provider_config_key",
        "{\"provider_config_key\":\"hd\"}                                | credentials",
        "{\"provider_config_key\":\"hd\",\"credentials\":{\"type\":\"API_KEY\"}}  | credentials",
        "{\"provider_config_key\":\"hd\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":7}}  | credentials",
        "{\"provider_config_key\":\"hd\",\"credentials\":{\"type\":\"OAUTH2\",\"access_token\":\"t\"}} | credentials",
        "{\"provider_config_key\":\"hd\",\"credentials\":{\"type\":\"BASIC\",\"username\":\"\",\"password\":\"\"}} | credentials",
        "{\"provider_config_key\":\"hd\",\"credentials\":{\"type\":\"NONSENSE\"}} | credentials",
        "{\"provider_config_key\":\"hd\",\"connection_id\":\"é\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"}} | connection_id",
        "{\"provider_config_key\":\"hd\",\"metadata\":{\"a\":\"\\u0000\"},\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"}} | metadata",
        "{\"provider_config_key\":\"hd\",\"tags\":{\"1\":\"a\"},\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"}} | tags",
        "{\"provider_config_key\":\"hd\",\"connection_config\":{\"url\":\"ftp:\"},\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"}} | connection_config",
        "{\"provider_config_key\":\"hd\",\"webhook_url_override\":\"http://10.0.0.1\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"}} | webhook_url_override",
      })
  void a_wrong_import_is_refused_and_the_field_is_named(String body, String field) {
    Answer refused = client.send("createConnection", NONE, "", body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_body");
    assertThat(refused.at("/error/errors").findValuesAsText("path")).isNotNull();
    assertThat(refused.at("/error/errors/0/path/0").asText()).isEqualTo(field);
  }

  @Test
  void an_unknown_key_is_refused_by_name() {
    Answer refused =
        client.send(
            "createConnection",
            NONE,
            "",
            """
            {"provider_config_key": "hd", "colour": 1, "credentials": {"type": "API_KEY", "apiKey": "k"}}
            """);

    assertThat(refused.at("/error/errors/0/code").asText()).isEqualTo("unrecognized_keys");
    assertThat(refused.at("/error/errors/0/message").asText()).contains("colour");
  }

  @Test
  void credentials_that_the_provider_refuses_make_no_connection() {
    Answer refused =
        client.send(
            "createConnection",
            NONE,
            "",
            """
            {"provider_config_key": "hd", "connection_id": "ann", "credentials": {"type": "API_KEY", "apiKey": "wrong"}}
            """);

    assertThat(refused.code()).isEqualTo("connection_test_failed");
    assertThat(client.get("getConnection", ANN, "provider_config_key=hd").status()).isEqualTo(404);
  }

  @Test
  void an_import_into_no_integration_is_a_404() {
    assertThat(client.createConnection("nobody", "ann").status()).isEqualTo(404);
    assertThat(client.createConnection("nobody", "ann").code()).isEqualTo("not_found");
  }

  @Test
  void the_list_is_newest_first_and_every_filter_narrows_it() {
    client.createIntegration("helpdesk", "other");
    client.createConnection("hd", "ann");
    client.createConnection("other", "bob");
    client.createConnection("hd", "cid");
    client.send(
        "patchConnection",
        ANN,
        "provider_config_key=hd",
        "{\"end_user\":{\"id\":\"u1\",\"display_name\":\"Ann Archer\"},\"tags\":{\"Team\":\"red\"}}");

    assertThat(ids("")).isEqualTo("cid,bob,ann");
    assertThat(ids("limit=1&page=1")).isEqualTo("bob");
    assertThat(ids("connectionId=ann")).isEqualTo("ann");
    assertThat(ids("integrationId=other,none")).isEqualTo("bob");
    assertThat(ids("search=ARCHER")).isEqualTo("ann");
    assertThat(ids("endUserId=u1")).isEqualTo("ann");
    assertThat(ids("tags[team]=red")).isEqualTo("ann");
    assertThat(ids("tags[TEAM]=blue")).isEmpty();
    assertThat(ids("endUserOrganizationId=x")).isEmpty();
  }

  private String ids(String query) {
    return String.join(
        ",",
        client
            .get("listConnections", NONE, query)
            .at("/connections")
            .findValuesAsText("connection_id"));
  }

  @ParameterizedTest
  @CsvSource({"colour=1", "limit=0", "limit=2001", "limit=many", "page=-1", "search[a]=b"})
  void a_wrong_query_is_refused(String query) {
    Answer refused = client.get("listConnections", NONE, query);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_query_params");
  }

  @Test
  void patching_replaces_the_own_tags_and_keeps_the_generated_ones() {
    client.createConnection("hd", "ann");
    String query = "provider_config_key=hd";
    client.send(
        "patchConnection", ANN, query, "{\"end_user\":{\"id\":\"u1\"},\"tags\":{\"a\":\"1\"}}");
    client.send("patchConnection", ANN, query, "{\"tags\":{\"b\":\"2\"}}");
    Answer cleared = client.send("patchConnection", ANN, query, "{\"webhook_url_override\":\"\"}");

    assertThat(cleared.at("/success").asBoolean()).isTrue();
    assertThat(client.get("getConnection", ANN, query).at("/tags"))
        .hasToString("{\"b\":\"2\",\"end_user_id\":\"u1\"}");
  }

  @Test
  void metadata_of_many_is_written_for_all_or_for_none() {
    client.createConnection("hd", "ann");
    client.createConnection("hd", "bob");
    String both =
        "{\"connection_id\":[\"ann\",\"%s\"],\"provider_config_key\":\"hd\",\"metadata\":{\"n\":1}}";

    Answer failed = client.send("setMetadata", NONE, "", both.formatted("nobody"));
    Answer set = client.send("setMetadata", NONE, "", both.formatted("bob"));
    Answer merged =
        client.send(
            "updateMetadata",
            NONE,
            "",
            "{\"connection_id\":\"ann\",\"provider_config_key\":\"hd\",\"metadata\":{\"m\":{\"x\":2}}}");

    assertThat(failed.status()).isEqualTo(404);
    assertThat(failed.code()).isEqualTo("unknown_connection");
    assertThat(failed.at("/error/message").asText()).contains("No actions were taken");
    assertThat(set.status()).isEqualTo(201);
    assertThat(set.at("/metadata/n").asInt()).isEqualTo(1);
    assertThat(merged.status()).isEqualTo(200);
    assertThat(client.get("getConnection", ANN, "provider_config_key=hd").at("/metadata"))
        .hasToString("{\"m\":{\"x\":2},\"n\":1}");
  }

  @Test
  void an_import_of_another_account_is_refused_unless_it_is_confirmed() {
    int first = importing("of-alice", "").at("/id").asInt();
    int same = importing("of-alice", "").at("/id").asInt();
    Answer refused = importing("of-bob", "");
    Answer kept = client.get("getConnection", ANN, "provider_config_key=hd");
    Answer confirmed = importing("of-bob", ",\"confirm_account_change\":true");

    assertThat(same).isEqualTo(first);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("account_differs");
    assertThat(refused.at("/error/message").asText()).contains("alice", "bob");
    assertThat(kept.at("/credentials/apiKey").asText()).isEqualTo("of-alice");
    assertThat(confirmed.status()).isEqualTo(201);
    assertThat(confirmed.at("/id").asInt()).as("a new connection").isNotEqualTo(first);
  }

  @Test
  void an_import_that_does_not_tell_the_account_forgets_none() {
    importing("of-alice", "");
    Answer silent = importing("k", "");
    Answer refused = importing("of-bob", "");

    assertThat(silent.status()).isEqualTo(201);
    assertThat(refused.code()).isEqualTo("account_differs");
  }

  private Answer importing(String apiKey, String more) {
    return client.send(
        "createConnection",
        NONE,
        "",
        """
        {"provider_config_key": "hd", "connection_id": "ann",
         "credentials": {"type": "API_KEY", "apiKey": "%s"}%s}
        """
            .formatted(apiKey, more));
  }

  @Test
  void a_deleted_connection_is_gone_and_its_id_is_free_again() {
    int first = client.createConnection("hd", "ann").at("/id").asInt();

    Answer deleted = client.send("deleteConnection", ANN, "provider_config_key=hd", "");
    Answer again = client.send("deleteConnection", ANN, "provider_config_key=hd", "");
    Answer read = client.get("getConnection", ANN, "provider_config_key=hd");
    int second = client.createConnection("hd", "ann").at("/id").asInt();

    assertThat(deleted.at("/success").asBoolean()).isTrue();
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.code()).isEqualTo("unknown_connection");
    assertThat(read.code()).isEqualTo("not_found");
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void an_unknown_integration_is_a_400_where_a_connection_is_named() {
    Answer answer = client.get("getConnection", ANN, "provider_config_key=none");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("unknown_provider_config");
  }

  @Test
  void the_sdk_sends_four_parameters_and_gets_its_answer() {
    client.createConnection("hd", "ann");

    Answer answer =
        client.get(
            "getConnection",
            ANN,
            "provider_config_key=hd&force_refresh=false&refresh_token=false&refresh_github_app_jwt_token=false");

    assertThat(answer.status()).isEqualTo(200);
  }
}

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

class IntegrationCredentialsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final Map<String, String> NONE = Map.of();
  private static final Map<String, String> BOARD = Map.of("uniqueKey", "bd");
  private static final String APP =
      """
      {"type": "OAUTH2", "client_id": "id-1", "client_secret": "hushhush-client-1",
       "scopes": "read,write", "webhook_secret": "hushhush-hook-1"}
      """;

  private Client client;

  @BeforeEach
  void start() {
    ApiRooms rooms = new ApiRooms(postgres.database());
    UUID key = UUID.randomUUID();
    rooms.keys.put(postgres.environment(), "test", key);
    client = new Client(rooms.api(0), key);
  }

  @Test
  void an_app_is_sealed_and_shown_to_whoever_asks_for_it() {
    Answer made = create("board", APP);
    Answer plain = client.get("getIntegration", BOARD, "");
    Answer shown = client.get("getIntegration", BOARD, "include=credentials");

    assertThat(made.status()).isEqualTo(200);
    assertThat(made.body().toString() + plain.body()).doesNotContain("hushhush");
    assertThat(shown.at("/data/credentials"))
        .hasToString(
            "{\"type\":\"OAUTH2\",\"client_id\":\"id-1\",\"client_secret\":\"hushhush-client-1\","
                + "\"scopes\":\"read,write\",\"webhook_secret\":\"hushhush-hook-1\"}");
    assertThat(stored()).doesNotContain("hushhush");
  }

  @Test
  void a_deleted_integration_leaves_no_secret_behind() {
    String app =
        "{\"provider\":\"board\",\"unique_key\":\"bd\",\"credentials\":{\"type\":\"OAUTH2\",\"client_id\":\"c\",\"client_secret\":\"hushhush-s\",\"webhook_secret\":\"hushhush-w\"}}";
    assertThat(client.send("createIntegration", Map.of(), "", app).status()).isEqualTo(200);
    String sealed =
        "select count(*) from integration where credentials is not null and webhook_secret is not null";
    assertThat(count(sealed)).isEqualTo(1);

    assertThat(client.get("deleteIntegration", Map.of("uniqueKey", "bd"), "").status())
        .isEqualTo(200);

    assertThat(count(sealed.replace("and", "or"))).isZero();
  }

  private static int count(String query) {
    return postgres.database().read(handle -> handle.createQuery(query).mapTo(Integer.class).one());
  }

  @Test
  void a_change_replaces_the_app_and_leaves_what_was_not_given() {
    create("board", APP);

    Answer changed =
        client.send(
            "updateIntegration",
            BOARD,
            "",
            "{\"credentials\":{\"type\":\"OAUTH2\",\"client_id\":\"id-2\",\"client_secret\":\"s2\"}}");
    Answer renamed =
        client.send("updateIntegration", BOARD, "", "{\"display_name\":\"Our board\"}");
    Answer shown = client.get("getIntegration", BOARD, "include=credentials");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(renamed.status()).isEqualTo(200);
    assertThat(shown.at("/data/credentials/client_id").asText()).isEqualTo("id-2");
    assertThat(shown.at("/data/credentials/webhook_secret").asText()).isEqualTo("hushhush-hook-1");
  }

  @Test
  void a_provider_with_keys_has_no_app_but_may_have_a_webhook_secret() {
    Answer made =
        client.send(
            "createIntegration",
            NONE,
            "",
            "{\"provider\":\"helpdesk\",\"unique_key\":\"bd\",\"webhook_secret\":\"hushhush-hook-2\"}");
    Answer shown = client.get("getIntegration", BOARD, "include=credentials");

    assertThat(made.status()).isEqualTo(200);
    assertThat(shown.at("/data/credentials").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "board | null | Missing credentials",
        "helpdesk | {\"type\":\"OAUTH2\",\"client_id\":\"a\",\"client_secret\":\"b\"} | incompatible credentials",
        "board | {\"type\":\"OAUTH1\",\"client_id\":\"a\",\"client_secret\":\"b\"} | incompatible credentials",
        "board | {\"type\":\"OAUTH2\",\"client_id\":\"a\"} | client_secret",
        "board | {\"type\":\"OAUTH2\",\"client_id\":\"a\",\"client_secret\":\"b\",\"scopes\":\"a b\"} | Separate scopes by commas",
        "board | {\"type\":\"APP\",\"app_id\":\"1\",\"app_link\":\"l\",\"private_key\":\"no key\"} | private_key",
        "board | {\"type\":\"LDAP\"} | Invalid discriminator value",
      })
  void an_app_that_does_not_fit_is_refused_by_name(
      String provider, String credentials, String why) {
    Answer refused = create(provider, credentials);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_body");
    assertThat(refused.body().toString()).contains(why);
    assertThat(client.get("getIntegration", BOARD, "").status()).isEqualTo(404);
  }

  private Answer create(String provider, String credentials) {
    return client.send(
        "createIntegration",
        NONE,
        "",
        "{\"provider\":\"%s\",\"unique_key\":\"bd\"%s}"
            .formatted(
                provider, credentials.equals("null") ? "" : ",\"credentials\":" + credentials));
  }

  private static String stored() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "select i::text || encode(credentials, 'escape') || encode(webhook_secret, 'escape') from integration i")
                .mapTo(String.class)
                .list())
        .toString();
  }
}

package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import dev.serai.support.TestDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticationTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private final UUID key = UUID.randomUUID();
  private ApiRooms rooms;
  private int environment;

  @BeforeEach
  void start() {
    rooms = new ApiRooms(postgres.database());
    environment = postgres.environment();
    rooms.keys.put(environment, "test", key);
  }

  @ParameterizedTest
  @CsvSource({
    ", missing_auth_header",
    "Basic abc, malformed_auth_header",
    "Bearer, malformed_auth_header",
    "Bearer not-a-uuid, invalid_secret_key_format",
    "Bearer 11111111-2222-1333-8444-555555555555, invalid_secret_key_format",
    "Bearer 11111111-2222-4333-8444-555555555555, unknown_account",
  })
  void a_request_without_a_known_key_is_refused_and_told_why(String header, String code) {
    ApiReply reply = rooms.api(0).answer(request(header));

    assertThat(reply.status()).isEqualTo(401);
    assertThat(Replies.json(reply).at("/error/code").asText()).isEqualTo(code);
  }

  @Test
  void a_key_may_be_written_in_either_case() {
    String upper = "bearer " + key.toString().toUpperCase(Locale.ROOT);

    assertThat(rooms.api(0).answer(request(upper)).status()).isEqualTo(200);
  }

  @Test
  void a_replaced_key_opens_nothing() {
    rooms.keys.replace(environment, "test", UUID.randomUUID());

    assertThat(rooms.api(0).answer(request("Bearer " + key)).status()).isEqualTo(401);
  }

  @Test
  void a_key_that_somebody_gave_the_name_of_serais_own_stays_when_that_is_replaced() {
    UUID theirs = UUID.randomUUID();
    rooms.keys.add(environment, "test", theirs, List.of("environment:*"));

    rooms.keys.replace(environment, "test", UUID.randomUUID());
    rooms.keys.replace(environment, "renamed since", UUID.randomUUID());

    assertThat(rooms.api(0).answer(request("Bearer " + theirs)).status()).isEqualTo(200);
    assertThat(rooms.keys.list(environment))
        .extracting(ApiKeyStore.Listed::displayName)
        .containsExactly("test", "renamed since");
  }

  @Test
  void a_key_with_other_scopes_is_refused_by_name() {
    scopes("{environment:records:*}");

    ApiReply reply = rooms.api(0).answer(request("Bearer " + key));

    assertThat(reply.status()).isEqualTo(403);
    assertThat(Replies.json(reply).at("/error/message").asText())
        .isEqualTo("Insufficient scope. Required: environment:connections:list");
  }

  @Test
  void a_key_that_may_not_read_credentials_sees_none() {
    Client client = new Client(rooms.api(0), key);
    client.createIntegration("helpdesk", "hd");
    client.createConnection("hd", "ann");
    scopes("{environment:connections:read}");
    Map<String, String> ann = Map.of("connectionId", "ann");

    Client.Answer plain = client.get("getConnection", ann, "provider_config_key=hd");
    Client.Answer refresh =
        client.get("getConnection", ann, "provider_config_key=hd&force_refresh=true");

    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.at("/credentials").isEmpty()).isTrue();
    assertThat(refresh.status()).isEqualTo(403);
  }

  @Test
  void nothing_of_another_environment_is_found() {
    Client here = new Client(rooms.api(0), key);
    here.createIntegration("helpdesk", "hd");
    here.createConnection("hd", "ann");
    UUID otherKey = UUID.randomUUID();
    rooms.keys.put(rooms.environments.ensure("prod", uuid -> new byte[] {0}).id(), "p", otherKey);
    Client there = new Client(rooms.api(0), otherKey);

    assertThat(there.get("listConnections", Map.of(), "").at("/connections")).isEmpty();
    assertThat(there.get("listIntegrations", Map.of(), "").at("/data")).isEmpty();
    assertThat(
            there
                .get("getConnection", Map.of("connectionId", "ann"), "provider_config_key=hd")
                .code())
        .isEqualTo("unknown_provider_config");
    assertThat(there.createIntegration("helpdesk", "hd").status()).isEqualTo(200);
  }

  @Test
  void a_caller_over_the_limit_is_told_when_to_come_back() {
    Api api = rooms.api(2);

    ApiReply first = api.answer(request("Bearer " + key));
    api.answer(request("Bearer " + key));
    ApiReply third = api.answer(request("Bearer " + key));

    assertThat(first.headers().first("X-RateLimit-Remaining")).hasValue("1");
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.headers().first("Retry-After")).isPresent();
    assertThat(Replies.json(third).at("/error/code").asText()).isEqualTo("too_many_request");
  }

  @Test
  void a_stranger_pays_ten_times_as_much() {
    Api api = rooms.api(10);

    ApiReply first = api.answer(request("Bearer x"));
    ApiReply second = api.answer(request("Bearer x"));

    assertThat(first.status()).isEqualTo(401);
    assertThat(second.status()).isEqualTo(429);
  }

  private void scopes(String scopes) {
    postgres
        .database()
        .useTransaction(h -> h.execute("update api_key set scopes = ?::text[]", scopes));
  }

  private static ApiRequest request(String authorization) {
    Headers headers =
        authorization == null
            ? Headers.NONE
            : new Headers(List.of(new Headers.Line("Authorization", authorization)));
    return new ApiRequest(
        "listConnections",
        "GET",
        "/connections",
        "/connections",
        Map.of(),
        QueryString.parse(""),
        headers,
        new byte[0],
        "127.0.0.1");
  }
}

package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.OAuthWorld;
import dev.serai.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys, passwords and tokens without a refresh token: when a 401 is their end, and when not. */
class UnrenewableTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private final FakeProvider provider = new FakeProvider();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private static final String OAUTH1 =
      "{type: oauth1, request_url: \"https://a.example/r\", authorize_url: \"https://a.example/a\", token_url: \"https://a.example/t\"}";
  private static final String OAUTH2 =
      "{type: oauth2_code, authorize_url: \"https://a.example/a\", token_url: \"https://a.example/t\"}";

  private int environment;
  private KeeperWorld world;
  private TokenKeeper keeper;
  private HttpProviderClient client;

  @BeforeEach
  void open() throws IOException {
    environment = postgres.environment();
    postgres
        .database()
        .useTransaction(
            handle -> handle.execute("update environment set primary_url = 'http://b/'"));
    world = new KeeperWorld(postgres.database(), environment, folder, "{margin: 1m}");
    declare("verified", OAUTH2, "verify: {path: /me}");
    declare("signed", OAUTH1, "verify: {path: /me}");
    declare("bare", OAUTH2, "");
    provider.answering(request -> Answer.json(statuses.getOrDefault(request.path(), 200), "{}"));
    var catalogue = world.oauth.catalogue();
    keeper = world.keeper("a");
    client =
        new HttpProviderClient(
            http,
            () -> catalogue,
            keeper,
            new AppVault(postgres.database(), OAuthWorld.VAULT)::of,
            1 << 20);
  }

  @AfterEach
  void close() {
    world.close();
    http.close();
    provider.close();
  }

  private void declare(String name, String consent, String verify) throws IOException {
    Path home = Files.createDirectories(world.oauth.providers.resolve(name));
    Files.writeString(
        home.resolve("provider.yaml"),
        """
        name: %s
        display_name: Keyed
        auth: {type: api_key, name: X-Key}
        alternative_auth:
          - {type: basic}
          - {type: signature}
          - {type: tba}
          - %s
        base_url: "${connection_config.url}"
        connection_config:
          url: {title: URL, description: Where, pattern: 'https?://[^?#]+', example: http://x}
        %s
        """
            .formatted(name, consent, verify));
    world.oauth.integrate(environment, name);
  }

  private Connection connect(String at, Credentials credentials) {
    return world.oauth.put(at, "c-" + at, credentials, provider.url(), world.listeners());
  }

  /** OAuth 2 without a refresh token. */
  private static Credentials oauth2(@Nullable Instant end) {
    return new Credentials.OAuth2("at-0123456789", null, end, null, null, Json.object());
  }

  static List<Credentials> kinds() {
    return List.of(
        new Credentials.ApiKey("k-0123456789"),
        new Credentials.Basic("ann", "pw-0123456789"),
        new Credentials.Signature("ann", "pw-0123456789"),
        new Credentials.Tba("tid", "ts-0123456789", "ck", "cs-0123456789"),
        new Credentials.OAuth1("tok", "ts-0123456789", Json.object()),
        oauth2(null));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void withdrawn_credentials_end_the_grant_with_the_second_refusal_and_nobody_calls_any_more(
      Credentials credentials) {
    String at = credentials instanceof Credentials.OAuth1 ? "signed" : "verified";
    Connection connection = connect(at, credentials);
    statuses.put("/list", 401);
    statuses.put("/me", 401);

    assertThat(get(connection, "/list")).isEqualTo(401);
    assertThat(get(connection, "/list")).as("half a minute has not passed").isEqualTo(401);
    assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
    assertThat(told()).isEmpty();
    assertThat(asked("/me")).isEqualTo(1);
    later();

    assertThatThrownBy(() -> get(connection, "/list"))
        .isInstanceOf(RefreshFailure.class)
        .hasMessageContaining("the customer has to reconnect")
        .extracting("code")
        .isEqualTo("refresh_token_external_error");

    assertThat(world.state(connection)).isEqualTo(GrantState.DEAD);
    assertThat(world.heard).contains("stopped");
    assertThat(told())
        .singleElement()
        .asString()
        .contains("credentials_revoked", "http://serai/reconnect/c-" + at, "does not accept the");
    int before = provider.requests().size();
    for (int again = 0; again < 5; again++) {
      assertThatThrownBy(() -> get(connection, "/list"))
          .extracting("code")
          .isEqualTo("connection_refresh_exhausted");
    }
    assertThat(provider.requests()).hasSize(before);
    assertThat(told()).hasSize(1);

    statuses.clear();
    Connection again = connect(at, credentials);
    assertThat(get(again, "/list")).isEqualTo(200);
    assertThat(world.state(again)).isEqualTo(GrantState.LIVE);
    assertThat(world.text("select errors::text from connection")).isEqualTo("[]");
  }

  @Test
  void an_endpoint_that_is_closed_to_a_working_key_ends_nothing_and_is_asked_about_once() {
    Connection connection = connect("verified", new Credentials.ApiKey("k-0123456789"));
    statuses.put("/closed", 401);

    for (int call = 0; call < 5; call++) {
      assertThat(get(connection, "/closed")).isEqualTo(401);
      later();
    }

    assertThat(asked("/me")).as("within a minute").isEqualTo(1);
    assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
    assertThat(world.standing(connection).failures()).isZero();
    assertThat(told()).isEmpty();
  }

  @Test
  void a_provider_that_refuses_everybody_for_a_moment_ends_nothing() {
    Connection connection = connect("verified", new Credentials.ApiKey("k-0123456789"));
    TokenUpkeep upkeep = new TokenUpkeep(world.rooms(postgres.database(), "a"), keeper);
    statuses.put("/list", 401);
    statuses.put("/me", 401);
    assertThat(get(connection, "/list")).isEqualTo(401);
    upkeep.run(() -> true);
    assertThat(asked("/me")).as("not before its time").isEqualTo(1);

    statuses.clear();
    later();
    upkeep.run(() -> true);

    await().until(() -> world.standing(connection).failures() == 0);
    assertThat(asked("/me")).isEqualTo(2);
    assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
    assertThat(told()).isEmpty();
  }

  @Test
  void trouble_and_nonsense_of_the_verifying_call_say_nothing() {
    Connection connection = connect("verified", new Credentials.ApiKey("k-0123456789"));
    statuses.put("/list", 401);
    for (int status : new int[] {500, 429, 403, 404}) {
      statuses.put("/me", status);
      assertThat(get(connection, "/list")).isEqualTo(401);
      later();
    }

    assertThat(world.standing(connection).failures()).isZero();
    assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
  }

  @Test
  void a_withdrawn_key_is_noticed_although_nobody_calls_again() {
    Connection connection = connect("verified", new Credentials.ApiKey("k-0123456789"));
    statuses.put("/list", 401);
    statuses.put("/me", 401);
    assertThat(get(connection, "/list")).isEqualTo(401);
    later();

    new TokenUpkeep(world.rooms(postgres.database(), "a"), keeper).run(() -> true);

    await().until(() -> world.state(connection) == GrantState.DEAD);
    assertThat(told()).hasSize(1);
    assertThat(world.outcomes).containsExactly("dead");
  }

  @Test
  void without_a_verifying_call_two_refusals_with_no_success_between_are_the_end() {
    Connection connection = connect("bare", new Credentials.ApiKey("k-0123456789"));
    statuses.put("/closed", 401);
    for (int call = 0; call < 4; call++) {
      assertThat(get(connection, "/closed")).isEqualTo(401);
      later();
      assertThat(get(connection, "/list")).isEqualTo(200);
    }
    assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);

    statuses.put("/list", 401);
    assertThat(get(connection, "/list")).isEqualTo(401);
    assertThat(get(connection, "/list")).as("too soon").isEqualTo(401);
    later();
    assertThatThrownBy(() -> get(connection, "/list")).isInstanceOf(RefreshFailure.class);

    assertThat(world.state(connection)).isEqualTo(GrantState.DEAD);
    assertThat(told()).hasSize(1);
  }

  @Test
  void a_token_that_has_ended_and_cannot_be_renewed_is_not_sent_any_more() {
    Instant past = Instant.now().minusSeconds(5);
    Connection connection = connect("verified", oauth2(past));

    for (int call = 0; call < 3; call++) {
      assertThatThrownBy(() -> get(connection, "/list"))
          .isInstanceOf(RefreshFailure.class)
          .hasMessageContaining("reconnect");
    }
    assertThatThrownBy(() -> keeper.forced(connection)).isInstanceOf(RefreshFailure.class);

    assertThat(provider.requests()).isEmpty();
    assertThat(world.state(connection)).isEqualTo(GrantState.DEAD);
    assertThat(world.heard).contains("stopped");
    assertThat(told())
        .singleElement()
        .asString()
        .contains("credentials_expired", "http://serai/reconnect/c-verified");

    Connection again = connect("verified", oauth2(Instant.now().plusSeconds(60)));
    assertThat(get(again, "/list")).isEqualTo(200);
  }

  @Test
  void a_connection_that_proves_itself_with_nothing_has_nothing_to_withdraw() throws IOException {
    Files.writeString(
        Files.createDirectories(world.oauth.providers.resolve("open")).resolve("provider.yaml"),
        """
        name: open
        display_name: Open
        auth: {type: none}
        base_url: "%s"
        """
            .formatted(provider.url()));
    world.oauth.integrate(environment, "open");
    var catalogue = world.oauth.catalogue();
    Connection connection = connect("open", new Credentials.None());
    HttpProviderClient asking =
        new HttpProviderClient(http, () -> catalogue, world.keeper("b"), 1 << 20);
    statuses.put("/list", 401);

    for (int call = 0; call < 3; call++) {
      assertThat(
              asking
                  .call(connection, new ProviderCall("GET", "/list", List.of(), Headers.NONE, null))
                  .status())
          .isEqualTo(401);
      later();
    }
    assertThat(world.standing(connection).failures()).isZero();
  }

  private int get(Connection connection, String path) {
    return client
        .call(connection, new ProviderCall("GET", path, List.of(), Headers.NONE, null))
        .status();
  }

  private long asked(String path) {
    return provider.requests().stream().filter(request -> request.path().equals(path)).count();
  }

  /** Passes the time that two refusals must be apart. */
  private static void later() {
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "update token_refresh set retry_at = retry_at - cast(? as bigint) * interval '1 millisecond'",
                Unrenewable.APART.plus(Duration.ofSeconds(1)).toMillis()));
  }

  /** What the backend was told of grants that are over. */
  private static List<String> told() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "select body from message where body::jsonb ->> 'operation' = 'refresh'")
                .mapTo(String.class)
                .list());
  }
}

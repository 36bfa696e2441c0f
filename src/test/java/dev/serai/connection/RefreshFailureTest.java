package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a provider's silence, trouble and refusals do to a grant. */
class RefreshFailureTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  @Test
  void trouble_of_the_provider_kills_no_grant_however_often_it_comes() {
    int each = 12;
    List<String> kinds =
        List.of(
            "status",
            "html",
            "dropped_before",
            "rate_limited",
            "status_after",
            "html_after",
            "dropped",
            "truncated",
            "empty");
    try (KeeperWorld world = world("{margin: 1m, grace: 2m}")) {
      world.oauth.simulator.control().oauth().grace(Duration.ofMinutes(2));
      TokenKeeper keeper = world.keeper("a");
      for (String kind : kinds) {
        Connection connection = world.connect("meets-" + kind);
        for (int time = 0; time < each; time++) {
          world.fault(kind, 1, 0);
          RefreshFailure failure =
              catchThrowableOfType(RefreshFailure.class, () -> keeper.open(connection));
          assertThat(failure).as(kind).isNotNull();
          assertThat(failure.passing()).as(kind + ": " + failure.getMessage()).isTrue();
          world.retryNow();
        }
        assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
        assertThat(keeper.open(connection).generation()).isEqualTo(2);
      }
      assertThat(world.heard).isEmpty();
      System.out.printf(
          "refresh trouble: %d bad answers of %d kinds: 0 marked dead, all renewed afterwards%n",
          each * kinds.size(), kinds.size());
    }
  }

  @Test
  void a_provider_that_says_nothing_to_a_renewal_kills_no_grant() {
    silence(Duration.ofMillis(300));
  }

  @Test
  @Tag("full")
  void a_provider_that_says_nothing_for_thirty_seconds_kills_no_grant() {
    assertThat(silence(Duration.ofSeconds(30))).isGreaterThan(Duration.ofSeconds(60));
  }

  /** Once before and once after it had renewed the token. */
  private Duration silence(Duration silence) {
    try (KeeperWorld world = world("{margin: 1m, grace: 2m}")) {
      world.silence = silence;
      world.patience = silence.plusSeconds(20);
      world.oauth.simulator.control().oauth().grace(Duration.ofMinutes(2));
      TokenKeeper keeper = world.keeper("a");
      Duration took = Duration.ZERO;
      for (String kind : List.of("silent_before", "silent")) {
        Connection connection = world.connect("meets-" + kind);
        world.fault(kind, 1, (int) silence.multipliedBy(4).toMillis());
        long from = System.nanoTime();

        RefreshFailure failure =
            catchThrowableOfType(RefreshFailure.class, () -> keeper.open(connection));

        took = took.plusNanos(System.nanoTime() - from);
        assertThat(failure).as(kind).isNotNull();
        assertThat(failure.passing()).as(kind + ": " + failure.getMessage()).isTrue();
        assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
        assertThat(world.standing(connection).phase())
            .as("it may have renewed the token")
            .isEqualTo(RefreshPhase.DOUBTFUL);
        world.retryNow();
        assertThat(keeper.open(connection).generation()).as(kind).isEqualTo(2);
      }
      assertThat(world.heard).isEmpty();
      assertThat(world.outcomes).containsExactly("passing", "renewed", "passing", "renewed");
      return took;
    }
  }

  @Test
  void a_backoff_keeps_every_node_from_calling_and_a_living_token_in_use() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      world.firstRetry = Duration.ofMinutes(10);
      Connection connection = world.connect("waits");
      world.fault("status", 100, 0);
      assertThatThrownBy(() -> world.keeper("a").open(connection))
          .isInstanceOf(RefreshFailure.class)
          .extracting("code")
          .isEqualTo("refresh_token_external_error");
      database("update token_refresh set retry_at = clock_timestamp() + interval '5 minutes'");
      world.oauth.simulator.control().forgetRequests();

      for (TokenKeeper node : List.of(world.keeper("a"), world.keeper("b"))) {
        for (int call = 0; call < 20; call++) {
          assertThatThrownBy(() -> node.open(connection))
              .extracting("code")
              .isEqualTo("connection_refresh_backoff");
        }
      }
      database(
          "update credential set ends_at = clock_timestamp() + interval '10 seconds', "
              + "updated_at = clock_timestamp() - interval '10 minutes'");

      assertThat(world.keeper("b").open(connection).generation()).isEqualTo(1);
      assertThat(world.oauth.simulator.control().requests().path("total").asInt()).isZero();
    }
  }

  @Test
  void a_revoked_grant_is_over_within_one_attempt_and_a_reconnect_heals_everything() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      database("update environment set primary_url = 'http://backend/'");
      Connection connection = world.connect("revoked");
      world.oauth.simulator.control().oauth().revoke("alice");
      TokenKeeper keeper = world.keeper("a");

      assertThatThrownBy(() -> keeper.open(connection))
          .hasMessageContaining("reconnect")
          .extracting("code")
          .isEqualTo("refresh_token_external_error");
      for (int call = 0; call < 50; call++) {
        assertThatThrownBy(() -> world.keeper("b").open(connection))
            .extracting("code")
            .isEqualTo("connection_refresh_exhausted");
      }

      assertThat(world.oauth.count("refresh_requests")).isEqualTo(1);
      assertThat(world.state(connection)).isEqualTo(GrantState.DEAD);
      assertThat(world.heard).contains("stopped");
      assertThat(world.text("select errors -> 0 ->> 'type' from connection")).isEqualTo("auth");
      assertThat(
              world.text(
                  "select string_agg(body::jsonb ->> 'operation' || ' ' || (body::jsonb ->> 'success'), ', ' order by created_at) from message"))
          .isEqualTo("creation true, refresh false");
      assertThat(
              world.text("select body from message where body::jsonb ->> 'operation' = 'refresh'"))
          .contains("\"reconnectLink\":\"http://serai/reconnect/revoked\"")
          .contains("\"type\":\"refresh_token_revoked\"")
          .contains("withdrawn");
      System.out.println("refresh revoked: dead after 1 attempt, 0 further calls in 50 tries");

      world.connect("revoked");
      assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
      assertThat(world.text("select errors::text from connection")).isEqualTo("[]");
      assertThat(keeper.open(connection).generation()).isEqualTo(3);
      assertThat(
              world.text(
                  "select count(*)::text from message where body::jsonb ->> 'operation' = 'override'"))
          .isEqualTo("1");
    }
  }

  @Test
  void a_wrong_app_is_named_so_and_mending_it_heals_every_connection_by_itself() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = world.connect("misled");
      world.oauth.change(world.oauth.app("wrong"), world.healing());

      assertThatThrownBy(() -> world.keeper("a").open(connection))
          .hasMessageContaining("developer");
      assertThat(world.state(connection)).isEqualTo(GrantState.MISCONFIGURED);

      world.oauth.change(world.oauth.app("sample-client-secret"), world.healing());
      assertThat(world.heard).contains("resumed");
      assertThat(world.keeper("a").open(connection).generation()).isEqualTo(2);
    }
  }

  @Test
  void what_the_api_refuses_is_renewed_once_and_a_fault_elsewhere_renews_nothing() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection =
          world.oauth.connect("refused", Instant.now().plusSeconds(3_000), world.listeners());
      TokenKeeper keeper = world.keeper("a");

      assertThat(keeper.renewed(connection, 1)).isTrue();
      assertThat(keeper.renewed(connection, 1)).as("somebody did already").isTrue();
      assertThat(keeper.renewed(connection, 2)).as("so young that it is not the token").isFalse();
      assertThat(world.oauth.count("refresh_requests")).isEqualTo(1);
      assertThat(keeper.forced(connection).generation()).isEqualTo(3);
    }
  }

  @Test
  void a_node_whose_clock_was_stepped_neither_renews_all_the_time_nor_never() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      for (Duration step : List.of(Duration.ofHours(5), Duration.ofHours(-5))) {
        Connection connection = world.connect("stepped" + step);
        world.clock = () -> Instant.now().plus(step);
        TokenKeeper stepped = world.keeper("a");
        for (int call = 0; call < 5; call++) {
          assertThat(stepped.open(connection).generation()).isEqualTo(2);
        }
        world.clock = InstantSource.system();
        assertThat(world.keeper("b").open(connection).generation()).isEqualTo(2);
      }
    }
  }

  private static void database(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }
}

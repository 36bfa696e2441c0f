package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The provider may have renewed the token, and its answer was lost or is not understood. */
class RefreshDoubtTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final List<String> RENEWED_AND_LOST =
      List.of("status_after", "html_after", "dropped", "truncated", "empty", "silent");
  private static final List<String> TROUBLE =
      List.of("status", "html", "dropped_before", "rate_limited", "silent_before");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"30s, PT30S, LIVE", "0s, PT0S, UNCERTAIN"})
  void a_lost_answer_is_fetched_by_itself_within_the_grace_and_called_lost_without(
      String declared, Duration grace, GrantState state) {
    boolean asked = grace.isZero(); // else only the upkeep looks after it

    assertThat(trial(declared, grace, RENEWED_AND_LOST, asked))
        .containsOnly(Map.entry(state, RENEWED_AND_LOST.size()));
  }

  @ParameterizedTest
  @CsvSource({"30s, PT30S", "0s, PT0S"})
  void trouble_that_renewed_nothing_ends_nothing_whatever_the_grace(
      String declared, Duration grace) {
    assertThat(trial(declared, grace, TROUBLE, true))
        .containsOnly(Map.entry(GrantState.LIVE, TROUBLE.size()));
  }

  /**
   * One bad answer of every kind, with the waits of real life, until everything is settled.
   *
   * @param asked somebody needs the token all the time; else only the upkeep looks after it
   */
  private Map<GrantState, Integer> trial(
      String declared, Duration grace, List<String> kinds, boolean asked) {
    try (KeeperWorld world = world("{margin: 1m, grace: " + declared + "}")) {
      world.firstRetry = Duration.ofSeconds(2);
      world.lastRetry = Duration.ofMinutes(5);
      world.silence = Duration.ofMillis(400);
      world.oauth.simulator.control().oauth().grace(grace);
      TokenKeeper keeper = world.keeper("a");
      TokenUpkeep upkeep = world.upkeep();
      List<Connection> connections = new ArrayList<>();
      for (String kind : kinds) {
        Connection connection = world.connect(kind + asked);
        connections.add(connection);
        world.fault(kind, 1, 1_500);
        RefreshFailure failure =
            catchThrowableOfType(RefreshFailure.class, () -> keeper.open(connection));
        assertThat(failure).as(kind).isNotNull();
        assertThat(failure.passing()).as(kind + ": " + failure.getMessage()).isTrue();
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> {
            upkeep.run(() -> true);
            return connections.stream().allMatch(c -> settled(world, keeper, c, asked));
          });
      Map<GrantState, Integer> outcome = new EnumMap<>(GrantState.class);
      connections.forEach(c -> outcome.merge(world.state(c), 1, Integer::sum));
      for (Connection connection : connections) {
        Standing standing = world.standing(connection);
        if (standing.state() == GrantState.UNCERTAIN) {
          assertThat(standing.code()).isEqualTo("refresh_uncertain");
          assertThat(standing.reason()).contains("invalid_grant").doesNotContain("withdrawn");
        }
      }
      System.out.printf(
          "refresh doubts: grace %s, one %s each: %s, %d invalid_grant, %d calls%n",
          declared,
          kinds,
          outcome,
          world.oauth.count("invalid_grants"),
          world.oauth.count("refresh_requests"));
      assertThat(world.outcomes).doesNotContain("dead");
      return outcome;
    }
  }

  private static boolean settled(
      KeeperWorld world, TokenKeeper keeper, Connection connection, boolean asked) {
    if (asked) {
      var unused = catchThrowable(() -> keeper.open(connection));
    }
    Standing standing = world.standing(connection);
    return standing.generation() > 1 || standing.state() != GrantState.LIVE;
  }

  @Test
  void however_often_a_provider_without_grace_is_in_trouble_no_grant_is_over() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      TokenKeeper keeper = world.keeper("a");
      Connection connection = world.connect("patient");
      for (String kind : List.of("status", "html", "dropped_before", "rate_limited")) {
        world.fault(kind, 8, 0);
        for (int time = 0; time < 8; time++) {
          RefreshFailure failure =
              catchThrowableOfType(RefreshFailure.class, () -> keeper.open(connection));
          assertThat(failure.passing()).as(failure.getMessage()).isTrue();
          world.retryNow();
        }
      }

      assertThat(world.heard).isEmpty();
      assertThat(keeper.open(connection).generation()).isEqualTo(2);
    }
  }

  @Test
  void a_silent_provider_is_asked_again_before_it_takes_the_old_token_no_more() {
    try (KeeperWorld world = world("{margin: 1m, grace: 8s}")) {
      world.oauth.simulator.control().oauth().grace(Duration.ofSeconds(8));
      Connection connection = world.connect("silent");
      world.fault("silent", 1, 20_000);
      assertThat(catchThrowable(() -> world.keeper("a").open(connection)))
          .isInstanceOf(RefreshFailure.class);
      TokenUpkeep upkeep = world.upkeep();

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> {
            upkeep.run(() -> true);
            return world.standing(connection).generation() == 2;
          });

      assertThat(world.oauth.count("invalid_grants")).isZero();
      assertThat(world.oauth.count("graced")).isEqualTo(1);
    }
  }

  @Test
  void a_wait_that_the_provider_asks_for_ends_before_its_grace_does() {
    try (KeeperWorld world = world("{margin: 1m, grace: 30s}")) {
      world.firstRetry = Duration.ofMinutes(10);
      world.lastRetry = Duration.ofMinutes(10);
      Connection connection = world.connect("waits");
      for (int time = 0; time < 20; time++) {
        world.fault("status_after", 1, 0);
        assertThat(catchThrowable(() -> world.keeper("a").open(connection))).isNotNull();
        Standing standing = world.standing(connection);
        assertThat(standing.phase()).isEqualTo(RefreshPhase.DOUBTFUL);
        assertThat(Duration.between(standing.intentAt(), standing.retryAt()))
            .isLessThan(Duration.ofSeconds(28));
        world.retryNow();
      }
    }
  }

  @Test
  void a_yes_that_nobody_understands_is_kept_until_somebody_does() {
    String refresh = "{margin: 1m}";
    try (KeeperWorld world = world(refresh + "\n  answer: {token: .elsewhere}")) {
      Connection connection = world.connect("misread");
      TokenKeeper keeper = world.keeper("a");
      for (int time = 0; time < 5; time++) {
        RefreshFailure failure =
            catchThrowableOfType(RefreshFailure.class, () -> keeper.open(connection));
        assertThat(failure.passing()).isTrue();
        assertThat(world.standing(connection).phase()).isEqualTo(RefreshPhase.ANSWERED);
        world.retryNow();
        TokenUpkeep upkeep = world.upkeep();
        upkeep.run(() -> true);
        await().until(upkeep::rests);
      }
      assertThat(world.oauth.count("refresh_requests")).as("the old token is left alone").isOne();
      assertThat(world.outcomes).contains("unread").doesNotContain("dead");

      world.oauth.declare(dev.serai.support.OAuthWorld.PROVIDER, refresh);
      world.retryNow();
      TokenUpkeep mended = world.upkeep();
      mended.run(() -> true);
      await().until(mended::rests);

      assertThat(world.standing(connection).generation()).isEqualTo(2);
      assertThat(world.standing(connection).phase()).isEqualTo(RefreshPhase.IDLE);
      assertThat(world.oauth.count("refresh_requests")).isOne();
      world.oauth.endTokens();
      assertThat(world.keeper("b").open(connection).generation())
          .as("the chain lives")
          .isEqualTo(3);
    }
  }

  @Test
  void a_reconnect_drops_a_kept_answer() {
    try (KeeperWorld world = world("{margin: 1m}\n  answer: {token: .elsewhere}")) {
      Connection connection = world.connect("again");
      assertThat(catchThrowable(() -> world.keeper("a").open(connection))).isNotNull();

      world.connect("again");

      assertThat(world.standing(connection).phase()).isEqualTo(RefreshPhase.IDLE);
      assertThat(world.standing(connection).answer()).isNull();
    }
  }

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }
}

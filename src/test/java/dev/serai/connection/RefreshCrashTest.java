package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.serai.connection.RefreshHook.Boundary;
import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An owner dies at every boundary of a renewal, or sleeps through its lease. */
class RefreshCrashTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S, PT1S",
    "30s, PT30S, PT12S",
    "2m, PT2M, PT1M",
    "30s, PT30S, PT5M",
    "2m, PT2M, PT5M"
  })
  void after_a_death_anywhere_the_next_owner_knows_what_is_known(
      String declared, Duration grace, Duration takenOverAfter) throws Exception {
    boolean inTime = takenOverAfter.compareTo(grace) < 0;
    List<String> lost = new ArrayList<>();
    try (KeeperWorld world = world("{margin: 1m, grace: " + declared + "}")) {
      world.oauth.simulator.control().oauth().grace(grace);
      for (Boundary dying : Boundary.values()) {
        Connection connection = world.connect("dies-" + dying);
        TokenKeeper victim =
            world.keeper(
                postgres.database(),
                "a",
                (c, at) -> {
                  if (at == dying) {
                    throw new Died();
                  }
                });
        assertThat(catchThrowable(() -> victim.open(connection)))
            .hasRootCauseInstanceOf(Died.class);
        world.ownersDie();
        world.oauth.later(takenOverAfter);

        Throwable failure = catchThrowable(() -> world.keeper("b").open(connection));

        boolean doubtful = dying == Boundary.INTENDED || dying == Boundary.SENT;
        if (doubtful && !inTime) {
          lost.add(dying.name());
          assertThat(failure)
              .isInstanceOf(RefreshFailure.class)
              .hasMessageContaining("interrupted");
          assertThat(world.state(connection)).isEqualTo(GrantState.UNCERTAIN);
        } else {
          assertThat(failure).as(dying.name()).isNull();
          assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
          assertThat(world.standing(connection).phase()).isEqualTo(RefreshPhase.IDLE);
        }
      }
      assertThat(world.oauth.count("invalid_grants")).isZero();
      System.out.printf(
          "refresh crashes: grace %s, taken over after %s: %d deaths, %d uncertain %s, 0 invalid_grant%n",
          declared, takenOverAfter, Boundary.values().length, lost.size(), lost);
    }
  }

  @Test
  void a_second_death_within_the_grace_is_survived_too() throws Exception {
    try (KeeperWorld world = world("{margin: 1m, grace: 30s}")) {
      world.oauth.simulator.control().oauth().grace(Duration.ofSeconds(30));
      Connection connection = world.connect("twice");
      for (int death = 0; death < 3; death++) {
        TokenKeeper victim =
            world.keeper(
                postgres.database(),
                "a",
                (c, at) -> {
                  if (at == Boundary.SENT) {
                    throw new Died();
                  }
                });
        assertThat(catchThrowable(() -> victim.open(connection))).isNotNull();
        world.ownersDie();
        world.oauth.later(Duration.ofSeconds(8));
      }

      assertThat(world.keeper("b").open(connection).generation()).isEqualTo(2);
      assertThat(world.oauth.count("refreshes")).isEqualTo(1);
    }
  }

  @Test
  void a_stopped_owner_that_wakes_after_a_takeover_writes_nothing() throws Exception {
    try (KeeperWorld world = world("{margin: 1m, grace: 2m}");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      world.oauth.simulator.control().oauth().grace(Duration.ofMinutes(2));
      for (Boundary asleep :
          List.of(Boundary.INTENDED, Boundary.SENT, Boundary.STORED, Boundary.READ)) {
        Connection connection = world.connect("sleeps-" + asleep);
        CountDownLatch sleeps = new CountDownLatch(1);
        CountDownLatch wakes = new CountDownLatch(1);
        TokenKeeper sleeper =
            world.keeper(
                postgres.database(),
                "a",
                (c, at) -> {
                  if (at == asleep) {
                    sleeps.countDown();
                    awaited(wakes);
                  }
                });
        Future<Grant> late = threads.submit(() -> sleeper.open(connection));
        awaited(sleeps);
        world.ownersDie();
        Grant taken = world.keeper("b").open(connection);
        String token = world.refreshToken(connection);
        wakes.countDown();

        assertThat(late.get(20, TimeUnit.SECONDS).generation()).isEqualTo(taken.generation());
        assertThat(world.refreshToken(connection)).isEqualTo(token);
        assertThat(world.standing(connection).generation()).isEqualTo(2);
        assertThat(world.standing(connection).phase()).isEqualTo(RefreshPhase.IDLE);
      }
      assertThat(world.oauth.count("invalid_grants")).isZero();
    }
  }

  @Test
  void a_reconnect_during_a_renewal_wins_over_it() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Connection connection = world.connect("reconnects");
      CountDownLatch sleeps = new CountDownLatch(1);
      CountDownLatch wakes = new CountDownLatch(1);
      TokenKeeper keeper =
          world.keeper(
              postgres.database(),
              "a",
              (c, at) -> {
                if (at == Boundary.SENT && wakes.getCount() > 0) {
                  sleeps.countDown();
                  awaited(wakes);
                }
              });
      Future<Grant> late = threads.submit(() -> keeper.open(connection));
      awaited(sleeps);
      world.oauth.connect(
          "reconnects", java.time.Instant.now().plusSeconds(600), world.listeners());
      String token = world.refreshToken(connection);
      wakes.countDown();

      assertThat(late.get(20, TimeUnit.SECONDS).generation()).isEqualTo(2);
      assertThat(world.refreshToken(connection)).isEqualTo(token);
    }
  }

  @Test
  void many_callers_of_two_nodes_share_every_renewal() throws Exception {
    int callers = 24;
    int expiries = 20;
    try (KeeperWorld world = world("{margin: 1m}");
        Database second = new Database(postgres.address(), Database.Limits.DEFAULT);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Connection connection = world.connect("shared");
      List<TokenKeeper> nodes =
          List.of(world.keeper("a"), world.keeper(second, "b", RefreshHook.NONE));
      for (int round = 1; round <= expiries; round++) {
        world.oauth.endTokens();
        List<Future<Grant>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
          TokenKeeper node = nodes.get(i % 2);
          calls.add(threads.submit(() -> node.open(connection)));
        }
        for (Future<Grant> call : calls) {
          assertThat(call.get(20, TimeUnit.SECONDS).generation()).isEqualTo(round + 1);
        }
      }

      assertThat(world.oauth.count("refreshes")).isEqualTo(expiries);
      assertThat(world.oauth.count("refresh_requests")).isEqualTo(expiries);
      assertThat(world.oauth.count("invalid_grants")).isZero();
      System.out.printf(
          "refresh race: %d callers on 2 nodes, %d expiries: %d refreshes, 0 invalid_grant%n",
          callers, expiries, expiries);
    }
  }

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

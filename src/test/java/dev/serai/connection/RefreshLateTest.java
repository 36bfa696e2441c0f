package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.serai.connection.RefreshHook.Boundary;
import dev.serai.database.Database;
import dev.serai.support.CuttingProxy;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Owners that come late: asleep at a boundary of a renewal while the world goes on. */
class RefreshLateTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private CountDownLatch sleeps = new CountDownLatch(1);
  private CountDownLatch wakes = new CountDownLatch(1);

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void the_only_token_there_is_counts_however_late_it_comes() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}")) {
      for (Boundary asleep : List.of(Boundary.INTENDED, Boundary.SENT)) {
        Connection connection = world.connect("late-" + asleep);
        Future<Grant> late = asleep(world, connection, asleep);
        world.ownersDie();
        assertThatThrownBy(() -> world.keeper("b").open(connection))
            .isInstanceOf(RefreshFailure.class);
        assertThat(world.state(connection)).isEqualTo(GrantState.UNCERTAIN);
        world.heard.clear();

        wakes.countDown();

        assertThat(late.get(20, TimeUnit.SECONDS).generation()).isEqualTo(2);
        assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
        assertThat(world.heard).containsExactly("resumed");
        assertThat(world.text("select string_agg(errors::text, '') from connection"))
            .doesNotContain("auth");
        world.oauth.endTokens();
        assertThat(world.keeper("b").open(connection).generation()).isEqualTo(3);
      }
      assertThat(world.oauth.count("invalid_grants")).isZero();
    }
  }

  @Test
  void an_answer_waits_in_memory_while_the_database_is_away() {
    try (KeeperWorld world = world("{margin: 1m}");
        CuttingProxy door = new CuttingProxy(postgres.address());
        Database away = new Database(door.address(), Database.Limits.DEFAULT)) {
      Connection connection = world.connect("away");
      List<Boundary> passed = new CopyOnWriteArrayList<>();
      TokenKeeper keeper =
          world.keeper(
              away,
              "a",
              (c, at) -> {
                passed.add(at);
                if (at == Boundary.SENT) {
                  door.cutAt(CuttingProxy.Side.CLIENT, 1);
                }
              });

      assertThat(keeper.open(connection).generation()).isEqualTo(2);

      assertThat(door.wasCut()).isTrue();
      assertThat(passed).containsExactly(Boundary.values());
      assertThat(world.oauth.count("refresh_requests")).isOne();
      keeper.close();
    }
  }

  @Test
  void a_late_answer_counts_for_nothing_after_a_reconnect() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = world.connect("reconnected");
      Future<Grant> late = asleep(world, connection, Boundary.SENT);
      world.ownersDie();
      assertThat(catchThrowable(() -> world.keeper("b").open(connection))).isNotNull();
      world.oauth.connect(
          "reconnected", java.time.Instant.now().plusSeconds(600), world.listeners());
      String token = world.refreshToken(connection);

      wakes.countDown();

      assertThat(late.get(20, TimeUnit.SECONDS).generation()).isEqualTo(2);
      assertThat(world.refreshToken(connection)).isEqualTo(token);
      assertThat(world.standing(connection).phase()).isEqualTo(RefreshPhase.IDLE);
    }
  }

  @Test
  void a_changed_app_breaks_off_no_renewal_and_settles_no_doubt() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection inFlight = world.connect("in-flight");
      Future<Grant> renewal = asleep(world, inFlight, Boundary.SENT);
      world.sql("update token_refresh set failures = 1");
      world.oauth.change(world.oauth.app("sample-client-secret"), world.healing());
      wakes.countDown();
      assertThat(renewal.get(20, TimeUnit.SECONDS).generation()).isEqualTo(2);
      assertThat(world.oauth.count("refresh_requests")).isOne();

      Connection doubted = world.connect("doubted");
      world.fault("status_after", 1, 0);
      assertThat(catchThrowable(() -> world.keeper("b").open(doubted))).isNotNull();
      world.oauth.change(world.oauth.app("sample-client-secret"), world.healing());
      Standing standing = world.standing(doubted);
      assertThat(standing.phase()).isEqualTo(RefreshPhase.DOUBTFUL);
      assertThat(standing.intentAt()).isNotNull();
      assertThat(standing.retryAt()).isNull();
    }
  }

  @Test
  void a_doubt_outlives_a_wrong_app() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = world.connect("doubted");
      world.fault("status_after", 1, 0);
      assertThat(catchThrowable(() -> world.keeper("a").open(connection))).isNotNull();
      world.oauth.change(world.oauth.app("wrong"), world.healing());
      assertThat(catchThrowable(() -> world.keeper("a").open(connection))).isNotNull();
      assertThat(world.state(connection)).isEqualTo(GrantState.MISCONFIGURED);

      world.oauth.change(world.oauth.app("sample-client-secret"), world.healing());
      assertThat(catchThrowable(() -> world.keeper("a").open(connection))).isNotNull();

      assertThat(world.state(connection)).isEqualTo(GrantState.UNCERTAIN);
      assertThat(world.standing(connection).reason()).doesNotContain("withdrawn");
    }
  }

  @Test
  void an_app_that_was_mended_meanwhile_is_not_judged_by_an_answer_to_the_old_one()
      throws Exception {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = world.connect("mended");
      world.oauth.change(world.oauth.app("wrong"), world.healing());
      Future<Grant> late = asleep(world, connection, Boundary.SENT);
      world.oauth.change(world.oauth.app("sample-client-secret"), world.healing());
      wakes.countDown();

      assertThat(catchThrowable(() -> late.get(20, TimeUnit.SECONDS)))
          .hasRootCauseInstanceOf(RefreshFailure.class);
      assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
      world.retryNow();
      assertThat(world.keeper("b").open(connection).generation()).isEqualTo(2);
    }
  }

  @Test
  void what_an_answer_says_of_the_time_counts_from_when_it_came() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      world.oauth.simulator.control().oauth().accessLife(Duration.ofMinutes(10));
      for (int minutes : new int[] {9, 20}) {
        Connection connection = world.connect("after-" + minutes);
        TokenKeeper victim =
            world.keeper(
                postgres.database(),
                "a",
                (c, at) -> {
                  if (at == Boundary.STORED) {
                    throw new AssertionError("died");
                  }
                });
        assertThat(catchThrowable(() -> victim.open(connection))).isNotNull();
        world.ownersDie();
        world.oauth.later(Duration.ofMinutes(minutes));

        TokenUpkeep upkeep = world.upkeep();
        upkeep.run(() -> true);
        Awaitility.await().until(upkeep::rests);

        Standing standing = world.standing(connection);
        assertThat(standing.generation()).isEqualTo(2);
        assertThat(Duration.between(standing.now(), standing.endsAt()))
            .isBetween(Duration.ofMinutes(9 - minutes), Duration.ofMinutes(10 - minutes));
      }
    }
  }

  @Test
  void a_stop_waits_for_answers_and_sends_nothing_more() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection sent = world.connect("sent");
      Connection unsent = world.connect("unsent");
      world.fault("delayed_after", 1, 1_500);
      TokenKeeper keeper = world.keeper("a");
      Future<Grant> renewal = threads.submit(() -> keeper.open(sent));
      Awaitility.await().until(() -> world.standing(sent).phase() == RefreshPhase.SENDING);

      keeper.close();

      assertThat(world.standing(sent).generation()).isEqualTo(2);
      assertThat(renewal.get(1, TimeUnit.SECONDS).generation()).isEqualTo(2);
      assertThatThrownBy(() -> keeper.open(unsent)).isInstanceOf(RefreshFailure.class);
      assertThat(world.standing(unsent).phase()).isEqualTo(RefreshPhase.IDLE);
      assertThat(world.oauth.count("refresh_requests")).isOne();
    }
  }

  @Test
  void a_renewal_that_has_sent_nothing_yet_ends_with_a_stop() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = world.connect("leased");
      TokenKeeper keeper = keeper(world, Boundary.LEASED);
      Future<Grant> renewal = threads.submit(() -> keeper.open(connection));
      assertThat(sleeps.await(20, TimeUnit.SECONDS)).isTrue();
      Thread stop = Thread.ofPlatform().start(keeper::close);
      Awaitility.await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
      wakes.countDown();
      stop.join();

      assertThat(catchThrowable(() -> renewal.get(20, TimeUnit.SECONDS))).isNotNull();
      assertThat(world.oauth.count("refresh_requests")).isZero();
      assertThat(world.keeper("b").open(connection).generation()).isEqualTo(2);
    }
  }

  private Future<Grant> asleep(KeeperWorld world, Connection connection, Boundary asleep)
      throws InterruptedException {
    sleeps = new CountDownLatch(1);
    wakes = new CountDownLatch(1);
    TokenKeeper sleeper = keeper(world, asleep);
    Future<Grant> late = threads.submit(() -> sleeper.open(connection));
    assertThat(sleeps.await(20, TimeUnit.SECONDS)).isTrue();
    return late;
  }

  private TokenKeeper keeper(KeeperWorld world, Boundary asleep) {
    CountDownLatch asleepNow = sleeps;
    CountDownLatch woken = wakes;
    return world.keeper(
        postgres.database(),
        "a",
        (c, at) -> {
          if (at == asleep && asleepNow.getCount() > 0) {
            asleepNow.countDown();
            try {
              boolean unused = woken.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new IllegalStateException("broken off", e);
            }
          }
        });
  }

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }
}

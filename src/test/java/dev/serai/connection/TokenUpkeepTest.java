package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connection.RefreshHook.Boundary;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that nobody asks for, and the leases of those who renew them. */
class TokenUpkeepTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String ORPHANED =
      """
      update token_refresh
         set phase = 'sending', intent_at = clock_timestamp(), sender = fence, node = '%s',
             grace_until = clock_timestamp() + interval '1 minute',
             leased_at = clock_timestamp(), lease_until = clock_timestamp() + interval '1 hour'
      """;

  @TempDir Path folder;

  @Test
  void an_idle_refresh_token_is_used_when_half_of_its_time_is_over_and_orphans_are_finished() {
    try (KeeperWorld world = world("{margin: 1m, grace: 1m, idle: 14d}")) {
      world.oauth.simulator.control().oauth().grace(Duration.ofMinutes(1));
      Connection idle =
          world.oauth.connect("idle", Instant.now().plusSeconds(3_000), world.listeners());
      TokenUpkeep upkeep = world.upkeep();
      looks(upkeep);
      assertThat(world.standing(idle).generation()).isEqualTo(1);

      for (int days : new int[] {6, 8}) {
        world.age(Duration.ofDays(days == 6 ? 6 : 2));
        world.sql("update credential set refresh_at = clock_timestamp()");
        looks(upkeep);
        looks(upkeep);
        assertThat(world.oauth.count("refreshes")).as(days + " days").isEqualTo(days == 6 ? 0 : 1);
      }
      assertThat(world.standing(idle).generation()).isEqualTo(2);

      world.sql(ORPHANED.formatted("a#former"));
      looks(world.upkeep());
      assertThat(world.standing(idle).generation()).as("a former life's own").isEqualTo(3);
    }
  }

  @Test
  void a_provider_that_keeps_silent_keeps_no_other_orphan_waiting() {
    try (KeeperWorld world = world("{margin: 1m, grace: 1m}")) {
      world.silence = Duration.ofSeconds(8);
      world.oauth.simulator.control().oauth().grace(Duration.ofMinutes(1));
      List<Connection> orphans = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        orphans.add(world.connect("orphan-" + i));
      }
      world.sql("insert into token_refresh (connection) select id from connection");
      world.sql(ORPHANED.formatted("gone"));
      world.ownersDie();
      world.fault("silent_before", 11, 9_000);
      TokenUpkeep upkeep = world.upkeep();
      long from = System.nanoTime();

      upkeep.run(() -> true);

      await()
          .atMost(Duration.ofSeconds(6))
          .until(() -> orphans.stream().anyMatch(c -> world.standing(c).generation() == 2));
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(world.silence);
    }
  }

  @Test
  void a_first_look_ends_no_lease_of_its_own_process() throws Exception {
    try (KeeperWorld world = world("{margin: 1m}");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Connection connection = world.connect("busy");
      CountDownLatch sent = new CountDownLatch(1);
      CountDownLatch looked = new CountDownLatch(1);
      RefreshRooms rooms = world.rooms(postgres.database(), "a");
      TokenKeeper keeper =
          world.keeper(
              rooms,
              (c, at) -> {
                if (at == Boundary.SENT) {
                  sent.countDown();
                  awaited(looked);
                }
              });
      var renewal = threads.submit(() -> keeper.open(connection));
      awaited(sent);

      looks(new TokenUpkeep(rooms, world.keeper("a")));

      assertThat(world.state(connection)).isEqualTo(GrantState.LIVE);
      assertThat(world.text("select (lease_until > clock_timestamp())::text from token_refresh"))
          .isEqualTo("true");
      looked.countDown();
      assertThat(renewal.get(20, TimeUnit.SECONDS).generation()).isEqualTo(2);
    }
  }

  @Test
  void a_lease_from_before_the_clock_was_set_back_is_over_and_one_of_now_is_not() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = world.connect("stepped");
      RefreshStore store = new RefreshStore(postgres.database());
      var first = lease(store, connection);
      assertThat(first).isTrue();
      assertThat(lease(store, connection)).as("somebody has it").isFalse();

      world.sql(
          "update token_refresh set leased_at = leased_at + interval '2 hours', lease_until = lease_until + interval '2 hours'");
      assertThat(lease(store, connection)).isTrue();
      world.sql(
          "update token_refresh set leased_at = leased_at + interval '5 seconds', lease_until = lease_until + interval '5 seconds'");
      assertThat(lease(store, connection)).as("a clock is corrected all the time").isFalse();
    }
  }

  private static boolean lease(RefreshStore store, Connection connection) {
    return postgres
        .database()
        .inTransaction(handle ->
            store.lease(handle, connection.id(), "x#1", Duration.ofSeconds(10)).isPresent());
  }

  private static void looks(TokenUpkeep upkeep) {
    upkeep.run(() -> true);
    await().until(upkeep::rests);
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

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }
}

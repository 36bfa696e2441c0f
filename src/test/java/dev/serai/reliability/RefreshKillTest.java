package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while a node renews many connections whose provider answers slowly, after or
 * before it rotated; another node takes over when most of the grace is gone. A kill counts if a
 * renewal was under way when the node was dead. The moments come from a seed; another one: {@code
 * -Dserai.seed=…}.
 */
class RefreshKillTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final long SEED = Long.getLong("serai.seed", 20_261_123);

  private static final int AT_ONCE = 4;
  private static final int HELD = 300;

  /** Misses of the moment are tried again, so many times as often. */
  private static final int MOST_MISSES = 3;

  private final Random random = new Random(SEED);
  private int made;

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void six_kills_inside_a_renewal_lose_no_grant_that_the_provider_would_still_take() {
    kills(new int[] {30, 0}, 3);
  }

  @Test
  @Tag("full")
  @Timeout(3_600)
  void two_hundred_kills_lose_no_grant_with_a_grace_of_thirty_seconds_or_more() {
    kills(new int[] {0, 30, 120}, Integer.getInteger("serai.kills", 67));
  }

  private void kills(int[] graces, int each) {
    try (RefreshCluster cluster =
        new RefreshCluster(folder, postgres.database(), postgres.address(), "{grace: 0s}")) {
      for (int grace : graces) {
        cluster.oauth.declare(provider(grace), "{margin: 1m, grace: %ds}".formatted(grace));
      }
      cluster.start(2);
      for (int grace : graces) {
        cluster.oauth.simulator.control().oauth().grace(Duration.ofSeconds(grace));
        int lost = 0;
        int inside = 0;
        int open = 0;
        int tries = 0;
        while (inside < each) {
          assertThat(tries).as("kills").isLessThan(each * MOST_MISSES);
          Killed killed = killed(cluster, grace, tries++);
          inside += killed.open() > 0 ? 1 : 0;
          open += killed.open();
          lost += killed.lost();
          made += AT_ONCE;
        }
        System.out.printf(
            "refresh kills, seed %d: grace %d s, taken over after %s: %d kills inside %d open renewals (%d kills missed them): %d grants lost, %d invalid_grant, %d of %d chains alive%n",
            SEED,
            grace,
            takenOverAfter(grace),
            inside,
            open,
            tries - inside,
            lost,
            cluster.oauth.count("invalid_grants"),
            cluster.oauth.count("live_chains"),
            made);
        assertThat(cluster.oauth.count("invalid_grants")).isZero();
        assertThat(cluster.oauth.count("live_chains")).as("nothing was replayed").isEqualTo(made);
        if (grace >= 30) {
          assertThat(lost).as("lost grants").isZero();
        }
      }
    }
  }

  /** By the provider's clock: most of this grace, and more than the next shorter one. */
  private static Duration takenOverAfter(int grace) {
    return Duration.ofSeconds(grace == 30 ? 15 : grace * 3 / 4);
  }

  private static String provider(int grace) {
    return "grace" + grace;
  }

  /**
   * @param open renewals under way when the node was dead
   * @param lost connections that need a reconnect
   */
  private record Killed(int open, int lost) {}

  private Killed killed(RefreshCluster cluster, int grace, int kill) {
    String provider = provider(grace);
    SeraiProcess victim = cluster.nodes.get(kill % 2);
    SeraiProcess other = cluster.nodes.get(1 - kill % 2);
    cluster.nodes.forEach(SeraiProcess::awaitReady);
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      connections.add(cluster.connect(provider, "kill-%d-%d".formatted(kill, i)));
      cluster
          .oauth
          .simulator
          .control()
          .fault(
              Json.object()
                  .put("kind", random.nextBoolean() ? "delayed" : "delayed_after")
                  .put("path", "/oauth/token")
                  .put("times", 1)
                  .put("hold_ms", HELD));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Connection connection : connections) {
        var unused = threads.submit(() -> cut(victim, connection));
      }
      long first = connections.getFirst().id();
      await()
          .pollInterval(Duration.ofMillis(2))
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              cluster.number(
                      "select count(*)::int from token_refresh where phase <> 'idle' and connection >= "
                          + first)
                  > 0);
      pause(random.nextInt(HELD + 50));
      victim.kill();
    }
    // Nobody can have taken over yet: the lease of the dead still runs.
    int open =
        cluster.number(
            "select count(*)::int from token_refresh where phase in ('sending', 'answered') and connection >= "
                + connections.getFirst().id());
    cluster.oauth.later(takenOverAfter(grace));
    cluster.oauth.simulator.control().noFaults();
    victim.launch();
    int lost = 0;
    for (Connection connection : connections) {
      lost += lost(cluster, other, connection) ? 1 : 0;
    }
    return new Killed(open, lost);
  }

  private static JsonNode cut(SeraiProcess victim, Connection connection) {
    try {
      return RefreshCluster.get(victim, connection.provider(), connection.connectionId(), "");
    } catch (RuntimeException killed) {
      return Json.object();
    }
  }

  /** Asked on the node that takes over; what is not lost works, and can be renewed again. */
  private static boolean lost(RefreshCluster cluster, SeraiProcess other, Connection connection) {
    String token = token(other, connection, "");
    if (token.isEmpty()) {
      return true;
    }
    assertThat(cluster.called(token)).as("the API takes the token").isEqualTo(200);
    String next = token(other, connection, "&force_refresh=true");
    assertThat(next).as("the refresh token is the provider's own").isNotEmpty();
    assertThat(cluster.called(next)).isEqualTo(200);
    return false;
  }

  /** Empty: the grant is over, because nobody knows what became of its refresh token. */
  private static String token(SeraiProcess node, Connection connection, String more) {
    JsonNode answer =
        RefreshCluster.get(node, connection.provider(), connection.connectionId(), more);
    String token = answer.path("credentials").path("access_token").asText();
    if (token.isEmpty()) {
      assertThat(answer.path("error").path("payload").path("message").asText())
          .contains("interrupted");
    }
    return token;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

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
 * before it rotated; another node takes over. The moments come from a seed; another one: {@code
 * -Dserai.seed=…}.
 */
class RefreshKillTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final long SEED = Long.getLong("serai.seed", 20_261_123);

  private static final int AT_ONCE = 4;
  private static final int HELD = 300;

  private final Random random = new Random(SEED);

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
        for (int kill = 0; kill < each; kill++) {
          lost += killed(cluster, provider(grace), kill);
        }
        System.out.printf(
            "refresh kills, seed %d: grace %d s, %d kills inside %d renewals: %d grants lost, %d invalid_grant%n",
            SEED, grace, each, each * AT_ONCE, lost, cluster.oauth.count("invalid_grants"));
        assertThat(cluster.oauth.count("invalid_grants")).isZero();
        if (grace >= 30) {
          assertThat(lost).as("lost grants").isZero();
        }
      }
    }
  }

  private static String provider(int grace) {
    return "grace" + grace;
  }

  /** How many connections need a reconnect. */
  private int killed(RefreshCluster cluster, String provider, int kill) {
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
    cluster.oauth.simulator.control().noFaults();
    victim.launch();
    int lost = 0;
    for (Connection connection : connections) {
      lost += lost(other, connection) ? 1 : 0;
    }
    return lost;
  }

  private static JsonNode cut(SeraiProcess victim, Connection connection) {
    try {
      return RefreshCluster.get(victim, connection.provider(), connection.connectionId(), "");
    } catch (RuntimeException killed) {
      return Json.object();
    }
  }

  /** Asked on the node that takes over. */
  private static boolean lost(SeraiProcess other, Connection connection) {
    JsonNode answer =
        RefreshCluster.get(other, connection.provider(), connection.connectionId(), "");
    boolean lost = answer.path("credentials").path("access_token").isMissingNode();
    if (lost) {
      assertThat(answer.path("error").path("payload").path("message").asText())
          .contains("interrupted");
    }
    return lost;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

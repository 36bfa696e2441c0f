package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.support.OAuthWorld;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A refresh token whose provider says how long it lives is used before that time is over. */
class StatedRefreshLifeTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  @Test
  void half_of_the_stated_life_is_enough() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = connect(world, Duration.ofDays(10));
      TokenUpkeep upkeep = upkeep(world);

      age(Duration.ofDays(6)); // it was to live for 16 days
      look(upkeep);
      assertThat(world.oauth.count("refreshes")).isZero();

      age(Duration.ofDays(5)); // for 21 days
      look(upkeep);
      await().until(() -> world.standing(connection).generation() == 2);
      assertThat(world.oauth.count("refreshes")).isEqualTo(1);
      look(upkeep);
      assertThat(world.oauth.count("refreshes")).as("not again at once").isEqualTo(1);
    }
  }

  @Test
  void the_earlier_of_what_is_declared_and_what_is_stated_counts() {
    try (KeeperWorld world = world("{margin: 1m, idle: 4d}")) {
      connect(world, Duration.ofDays(100));
      TokenUpkeep upkeep = upkeep(world);
      age(Duration.ofDays(1));
      look(upkeep);
      assertThat(world.oauth.count("refreshes")).isZero();
      age(Duration.ofDays(2));
      look(upkeep);
      await().until(() -> world.oauth.count("refreshes") == 1);
    }
  }

  @Test
  void an_end_that_was_passed_before_the_token_came_is_none() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      connect(world, Duration.ofDays(-1));
      TokenUpkeep upkeep = upkeep(world);
      look(upkeep);
      look(upkeep);
      assertThat(world.oauth.count("refreshes")).isZero();
    }
  }

  private static Connection connect(KeeperWorld world, Duration left) {
    var grant = world.oauth.simulator.control().oauth().grant("alice");
    Credentials credentials =
        new Credentials.OAuth2(
            grant.path("access_token").asText(),
            grant.path("refresh_token").asText(),
            Instant.now().plusSeconds(3_000),
            Instant.now().plus(left),
            null,
            null,
            Json.object());
    String url = world.oauth.simulator.uri().toString();
    return world.oauth.put(OAuthWorld.PROVIDER, "idle", credentials, url, world.listeners());
  }

  private static TokenUpkeep upkeep(KeeperWorld world) {
    return new TokenUpkeep(world.rooms(postgres.database(), "a"), world.keeper("a"));
  }

  private static void look(TokenUpkeep upkeep) {
    database("update credential set refresh_at = clock_timestamp()");
    upkeep.run(() -> true);
  }

  private static void age(Duration by) {
    database(
        "update credential set updated_at = updated_at - interval '%d seconds'"
            .formatted(by.toSeconds()));
  }

  private static void database(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }
}

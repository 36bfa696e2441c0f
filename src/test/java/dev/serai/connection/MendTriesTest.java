package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An app that is not accepted may be mended where nobody tells us: at the provider. */
class MendTriesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  @Test
  void an_app_that_is_mended_at_the_provider_is_noticed_and_nobody_is_told_twice_before() {
    try (KeeperWorld world =
        new KeeperWorld(postgres.database(), postgres.environment(), folder, "{margin: 1m}")) {
      database("update environment set primary_url = 'http://backend/'");
      Connection connection = world.connect("misled");
      Connection other = world.connect("misled-too");
      world.oauth.change(world.oauth.app("wrong"), (handle, integration) -> {});
      TokenKeeper keeper = world.keeper("a");
      TokenUpkeep upkeep = new TokenUpkeep(world.rooms(postgres.database(), "a"), keeper);
      for (Connection each : new Connection[] {connection, other}) {
        assertThatThrownBy(() -> keeper.open(each)).hasMessageContaining("developer");
      }
      assertThat(pause(world, connection))
          .isBetween(Duration.ofMinutes(14), Duration.ofMinutes(17));

      upkeep.run(() -> true);
      assertThat(asked(world)).as("not before its time").isEqualTo(2);

      due(connection);
      upkeep.run(() -> true);
      await().untilAsserted(() -> assertThat(pause(world, connection)).isPositive());
      assertThat(asked(world)).isEqualTo(3);
      assertThat(world.state(connection)).isEqualTo(GrantState.MISCONFIGURED);
      assertThat(pause(world, connection))
          .isBetween(Duration.ofMinutes(29), Duration.ofMinutes(34));

      world
          .oauth
          .simulator
          .control()
          .fault(Json.object().put("kind", "status").put("path", "/oauth/token"));
      due(connection);
      upkeep.run(() -> true);
      await().untilAsserted(() -> assertThat(pause(world, connection)).isPositive());
      assertThat(world.state(connection)).isEqualTo(GrantState.MISCONFIGURED);
      assertThat(world.standing(connection).reason()).as("trouble hides no reason").contains("app");
      assertThat(pause(world, connection)).isGreaterThan(Duration.ofMinutes(50));
      assertThat(told()).isEqualTo("2");

      world.oauth.change(world.oauth.app("sample-client-secret"), (handle, integration) -> {});
      due(connection);
      upkeep.run(() -> true);
      await().until(() -> world.state(connection) == GrantState.LIVE);
      assertThat(world.heard).contains("resumed");
      assertThat(world.text("select errors::text from connection where connection_id = 'misled'"))
          .isEqualTo("[]");
      assertThat(keeper.open(connection).generation()).isEqualTo(2);

      upkeep.run(() -> true);
      await("of the same app").until(() -> world.state(other) == GrantState.LIVE);
      assertThat(told()).isEqualTo("2");
    }
  }

  private static long asked(KeeperWorld world) {
    return world
        .oauth
        .simulator
        .control()
        .requests()
        .path("requests")
        .valueStream()
        .filter(request -> request.path("target").asText().equals("/oauth/token"))
        .count();
  }

  private static Duration pause(KeeperWorld world, Connection connection) {
    Standing standing = world.standing(connection);
    Instant at = standing.retryAt();
    return at == null ? Duration.ZERO : Duration.between(standing.now(), at);
  }

  private static void due(Connection connection) {
    database(
        "update token_refresh set retry_at = clock_timestamp() where connection = "
            + connection.id());
  }

  private static String told() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "select count(*)::text from message where body::jsonb ->> 'operation' = 'refresh'")
                .mapTo(String.class)
                .one());
  }

  private static void database(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }
}

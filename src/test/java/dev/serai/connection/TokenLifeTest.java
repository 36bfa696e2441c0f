package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How long tokens live whose provider does not say. */
class TokenLifeTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  @Test
  void a_declared_lifetime_is_believed_and_nothing_is_learned_over_it() {
    try (KeeperWorld world = world("{margin: 1m, lifetime: 1h}")) {
      Connection connection = unstated(world);
      TokenKeeper keeper = world.keeper("a");
      for (int refusal = 0; refusal < 3; refusal++) {
        refuse(world, keeper, connection, Duration.ofMinutes(30), true);
      }
      long generation = world.standing(connection).generation();
      world.age(Duration.ofMinutes(58));
      assertThat(keeper.open(connection).generation()).isEqualTo(generation);
      world.age(Duration.ofMinutes(2));
      assertThat(keeper.open(connection).generation()).isEqualTo(generation + 1);
    }
  }

  @Test
  void a_lifetime_is_learned_after_two_refusals_whose_new_token_was_accepted() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = unstated(world);
      TokenKeeper keeper = world.keeper("a");
      refuse(world, keeper, connection, Duration.ofMinutes(30), true);
      refuse(world, keeper, connection, Duration.ofMinutes(40), true);
      long generation = world.standing(connection).generation();

      world.age(Duration.ofMinutes(20));
      assertThat(keeper.open(connection).generation()).isEqualTo(generation);
      world.age(Duration.ofMinutes(8));
      assertThat(keeper.open(connection).generation())
          .as("0.9 of 30 minutes")
          .isEqualTo(generation + 1);
    }
  }

  @Test
  void nothing_is_learned_of_refusals_that_a_new_token_does_not_mend() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = unstated(world);
      TokenKeeper keeper = world.keeper("a");
      for (int refusal = 0; refusal < 4; refusal++) {
        refuse(world, keeper, connection, Duration.ofMinutes(30), false);
      }
      assertThat(world.standing(connection).life().observed()).isZero();
    }
  }

  @Test
  void nothing_is_learned_of_tokens_whose_age_nobody_knows_or_that_are_too_young() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      world.oauth.simulator.control().oauth().policy(Json.object().put("states_expiry", false));
      Connection connection = world.connect("imported");
      world.sql("update credential set ends_at = null");
      TokenKeeper keeper = world.keeper("a");
      refuse(world, keeper, connection, Duration.ofMinutes(3), true);
      assertThat(world.standing(connection).life().observed()).as("imported").isZero();
      refuse(world, keeper, connection, Duration.ofSeconds(50), true);
      assertThat(world.standing(connection).life().observed()).as("no token's life").isZero();
      refuse(world, keeper, connection, Duration.ofMinutes(3), true);
      assertThat(world.standing(connection).life().observed()).isOne();
    }
  }

  @Test
  void what_was_learned_grows_while_tokens_outlive_it_and_is_forgotten_by_a_reconnect() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = unstated(world);
      TokenKeeper keeper = world.keeper("a");
      refuse(world, keeper, connection, Duration.ofMinutes(30), true);
      refuse(world, keeper, connection, Duration.ofMinutes(30), true);
      Duration learned = world.standing(connection).life().learned();
      for (int renewal = 0; renewal < 30; renewal++) {
        world.age(world.standing(connection).life().learned());
        long generation = world.standing(connection).generation();
        assertThat(keeper.open(connection).generation()).isEqualTo(generation + 1);
      }
      assertThat(world.standing(connection).life().learned())
          .isGreaterThan(learned.multipliedBy(2));

      world.oauth.connect("unstated", java.time.Instant.now().plusSeconds(60), world.listeners());
      assertThat(world.standing(connection).life()).isEqualTo(new TokenLife(0, false, 0, null, 0));
    }
  }

  @Test
  void an_api_that_refuses_every_token_is_given_new_ones_less_and_less_often() {
    try (KeeperWorld world = world("{margin: 1m}")) {
      Connection connection = unstated(world);
      TokenKeeper keeper = world.keeper("a");
      int renewals = 0;
      for (int second = 0; second < 600; second += 3) {
        world.age(Duration.ofSeconds(3));
        long generation = world.standing(connection).generation();
        renewals += keeper.renewed(connection, generation) ? 1 : 0;
      }
      assertThat(renewals).as("in ten minutes of refusals").isBetween(5, 9);

      world.age(Duration.ofHours(1));
      keeper.renewed(connection, world.standing(connection).generation());
      keeper.accepted(connection, world.standing(connection).generation());
      assertThat(world.standing(connection).life().futile()).isZero();
    }
  }

  @Test
  void the_api_says_what_it_makes_of_a_new_token() {
    try (KeeperWorld world = world("{margin: 1m}");
        OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"))) {
      Connection connection = unstated(world);
      var catalogue = world.oauth.catalogue();
      HttpProviderClient client =
          new HttpProviderClient(http, () -> catalogue, world.keeper("a"), 1 << 20);
      for (int refusal = 0; refusal < 2; refusal++) {
        world.age(Duration.ofMinutes(30));
        world.oauth.simulator.control().oauth().expireAccess();
        HttpAnswer answer =
            client.call(
                connection, new ProviderCall("GET", "/v1/me", List.of(), Headers.NONE, null));
        assertThat(answer.status()).isEqualTo(200);
      }
      assertThat(world.standing(connection).life().observed()).isEqualTo(2);
    }
  }

  /** A connection whose token came by a renewal, and whose end nobody states. */
  private static Connection unstated(KeeperWorld world) {
    world.oauth.simulator.control().oauth().policy(Json.object().put("states_expiry", false));
    Connection connection = world.connect("unstated");
    assertThat(world.keeper("z").open(connection).generation()).isEqualTo(2);
    return connection;
  }

  private static void refuse(
      KeeperWorld world, TokenKeeper keeper, Connection connection, Duration age, boolean helps) {
    world.age(age);
    long generation = world.standing(connection).generation();
    assertThat(keeper.renewed(connection, generation)).isTrue();
    if (helps) {
      keeper.accepted(connection, generation + 1);
    }
  }

  private KeeperWorld world(String refresh) {
    return new KeeperWorld(postgres.database(), postgres.environment(), folder, refresh);
  }
}

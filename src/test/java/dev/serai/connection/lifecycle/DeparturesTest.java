package dev.serai.connection.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.connection.Offered;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeparturesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private final LifecycleRoutes routes = new LifecycleRoutes();
  private CredentialVault vault;
  private Connections connections;
  private Integration desk;

  @BeforeEach
  void start() {
    vault =
        new CredentialVault(
            postgres.database(),
            new Vault(MasterKey.parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")));
    IntegrationStore integrations = new IntegrationStore(postgres.database());
    connections =
        new Connections(
            postgres.database(),
            integrations,
            new ConnectionStore(postgres.database()),
            vault,
            List.of(),
            new Departures(routes, Duration.ofMillis(200)));
    desk =
        integrations
            .create(
                postgres.environment(),
                new Draft("desk", "desk", null, Json.object(), Json.object(), true))
            .orElseThrow();
    connections.put(
        desk,
        "ann",
        Offered.of(new Credentials.ApiKey("secret-1")),
        new ConnectionChange(null, null, null, null, null));
  }

  @Test
  void the_route_runs_before_the_deletion_while_the_credentials_still_work() {
    AtomicReference<Credentials> seen = new AtomicReference<>();
    deleting((connection, body) -> {
      seen.set(vault.open(connection).credentials());
      return NullNode.getInstance();
    });

    assertThat(connections.delete(desk, "ann")).isTrue();

    assertThat(seen.get()).isEqualTo(new Credentials.ApiKey("secret-1"));
    assertThat(connections.find(desk, "ann")).isEmpty();
  }

  @Test
  void a_route_that_fails_keeps_no_deletion() {
    deleting((connection, body) -> {
      throw new IllegalStateException("the provider is away");
    });

    assertThat(connections.delete(desk, "ann")).isTrue();
    assertThat(connections.find(desk, "ann")).isEmpty();
  }

  @Test
  void a_route_that_takes_too_long_is_interrupted_and_keeps_no_deletion() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    deleting((connection, body) -> {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      return NullNode.getInstance();
    });

    assertThat(connections.delete(desk, "ann")).isTrue();

    assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(connections.find(desk, "ann")).isEmpty();
  }

  @Test
  void a_connection_that_is_not_there_runs_no_route() {
    CountDownLatch ran = new CountDownLatch(1);
    deleting((connection, body) -> {
      ran.countDown();
      return NullNode.getInstance();
    });

    assertThat(connections.delete(desk, "nobody")).isFalse();
    assertThat(ran.getCount()).isEqualTo(1);
  }

  private void deleting(LifecycleRoute route) {
    routes.register("desk", Event.DELETING, route);
  }
}

package dev.serai.connection.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.Offered;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
    vault = new CredentialVault(postgres.database(), new Vault(MasterKey.parse(Marked.MASTER_KEY)));
    IntegrationStore integrations = new IntegrationStore(postgres.database());
    connections =
        new Connections(
            postgres.database(),
            integrations,
            new ConnectionStore(postgres.database()),
            vault,
            List.of(),
            new Departures(routes, Duration.ofMillis(200), Duration.ofMillis(500)));
    desk =
        integrations
            .create(
                postgres.environment(),
                new Draft("desk", "desk", null, Json.object(), Json.object(), true))
            .orElseThrow();
    put("ann", "secret-1", "alice", Connections.Right.FULL);
  }

  private Connections.Imported put(
      String id, String secret, String account, Connections.Right right) {
    return connections.put(
        desk,
        id,
        new Offered(new Credentials.ApiKey(secret), Json.object(), account),
        new ConnectionChange(null, null, null, null, null),
        right);
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
  void every_connection_of_an_integration_that_is_deleted_takes_leave() {
    put("bob", "secret-2", "bob", Connections.Right.FULL);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    deleting((connection, body) -> {
      seen.add(connection.connectionId() + " " + secret(connection));
      throw new IllegalStateException("the provider is away");
    });

    assertThat(connections.deleteIntegration(desk)).isTrue();

    assertThat(seen).containsExactlyInAnyOrder("ann secret-1", "bob secret-2");
    assertThat(connections.ofIntegration(desk)).isEmpty();
  }

  @Test
  void connections_whose_turn_does_not_come_in_time_go_without() {
    for (int i = 0; i < 200; i++) {
      put("c-" + i, "secret-" + i, "account-" + i, Connections.Right.FULL);
    }
    AtomicInteger begun = new AtomicInteger();
    deleting((connection, body) -> {
      begun.incrementAndGet();
      new CountDownLatch(1).await();
      return NullNode.getInstance();
    });
    Instant from = Instant.now();

    assertThat(connections.deleteIntegration(desk)).isTrue();

    assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(10));
    assertThat(begun.get()).isBetween(32, 150);
    assertThat(connections.ofIntegration(desk)).isEmpty();
  }

  @Test
  void a_connection_takes_leave_before_another_account_takes_its_place() {
    List<String> seen = new CopyOnWriteArrayList<>();
    deleting((connection, body) -> {
      seen.add(connection.connectionId() + " " + secret(connection));
      return NullNode.getInstance();
    });

    assertThat(put("ann", "secret-2", "bob", Connections.Right.FULL))
        .isInstanceOf(Connections.Imported.Created.class);

    assertThat(seen).containsExactly("ann secret-1");
    assertThat(secret(connections.find(desk, "ann").orElseThrow().connection()))
        .isEqualTo("secret-2");
  }

  @Test
  void nobody_takes_leave_who_stays() {
    AtomicInteger ran = new AtomicInteger();
    deleting((connection, body) -> {
      ran.incrementAndGet();
      return NullNode.getInstance();
    });
    long ann = connections.find(desk, "ann").orElseThrow().connection().id();

    assertThat(put("ann", "secret-2", "alice", Connections.Right.FULL))
        .isInstanceOf(Connections.Imported.Overridden.class);
    assertThat(put("ann", "secret-3", "bob", new Connections.Right(true, true, false, null)))
        .isInstanceOf(Connections.Imported.OtherAccount.class);
    assertThat(put("ann", "secret-3", "bob", new Connections.Right(true, false, true, null)))
        .isInstanceOf(Connections.Imported.Exists.class);
    assertThat(put("ann", "secret-3", "bob", new Connections.Right(false, true, true, ann + 1)))
        .isInstanceOf(Connections.Imported.Missing.class);

    assertThat(ran).hasValue(0);
  }

  @Test
  @Tag("full")
  void a_deletion_waits_ten_seconds_for_a_provider_that_says_nothing() {
    connections =
        new Connections(
            postgres.database(),
            new IntegrationStore(postgres.database()),
            new ConnectionStore(postgres.database()),
            vault,
            List.of(),
            new Departures(routes));
    deleting((connection, body) -> {
      new CountDownLatch(1).await();
      return NullNode.getInstance();
    });
    Instant from = Instant.now();

    assertThat(connections.delete(desk, "ann")).isTrue();

    assertThat(Duration.between(from, Instant.now()))
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(13));
    assertThat(connections.find(desk, "ann")).isEmpty();
  }

  private String secret(Connection connection) {
    return ((Credentials.ApiKey) vault.open(connection).credentials()).apiKey();
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

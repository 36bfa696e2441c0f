package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.AuthMessages;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionListener;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.Offered;
import dev.serai.connection.lifecycle.Event;
import dev.serai.connection.lifecycle.LifecycleRoute;
import dev.serai.connection.lifecycle.LifecycleRoutes;
import dev.serai.connection.lifecycle.Preparations;
import dev.serai.outbox.Backoff;
import dev.serai.outbox.Deliveries;
import dev.serai.outbox.PostgresOutbox;
import dev.serai.provider.Catalogue;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a connection goes through whose provider has a {@code created} route. */
@Timeout(60)
class PreparationTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  @TempDir static Path folder;

  private final LifecycleRoutes routes = new LifecycleRoutes();
  private final SyncRegistry syncs = new SyncRegistry();
  private final List<Preparations> nodes = new ArrayList<>();
  private Catalogue catalogue;
  private ConnectionStore store;
  private ConnectionSyncs connectionSyncs;
  private CredentialVault vault;
  private Connections connections;
  private Integration desk;

  @BeforeEach
  void start() throws Exception {
    catalogue = Catalogue.load(List.of(providers()));
    store = new ConnectionStore(postgres.database());
    connectionSyncs = new ConnectionSyncs(postgres.database(), syncs);
    vault = new CredentialVault(postgres.database(), new Vault(MasterKey.parse(Marked.MASTER_KEY)));
    IntegrationStore integrations = new IntegrationStore(postgres.database());
    syncs.register(
        new SyncDefinition(
            "desk", "tickets", Set.of("Ticket"), new Schedule.Every(Duration.ofHours(1))),
        (connection, records, page) -> Optional.empty());
    connections =
        new Connections(
            postgres.database(),
            integrations,
            store,
            vault,
            List.of(node(connectionSyncs), connectionSyncs));
    desk =
        integrations
            .create(
                postgres.environment(),
                new Draft("desk", "desk", null, Json.object(), Json.object(), true))
            .orElseThrow();
  }

  @AfterEach
  void stop() throws Exception {
    for (Preparations node : nodes) {
      node.close();
    }
  }

  @Test
  void no_sync_is_claimed_before_the_route_has_succeeded_and_what_it_found_is_merged() {
    CountDownLatch gate = new CountDownLatch(1);
    prepared((connection, body) -> {
      gate.await();
      return Json.parse(
          "{\"connection_config\":{\"cloud_id\":\"c7\"},\"metadata\":{\"plan\":\"x\"}}");
    });
    Connection ann = create("ann", "{\"keep\":1}");

    assertThat(claimed()).as("while it is being prepared").isZero();
    gate.countDown();
    awaitPrepared(ann);

    assertThat(claimed()).isEqualTo(1);
    Connection now = store.find(ann.id()).orElseThrow();
    assertThat(now.config()).hasToString("{\"url\":\"https://desk.test\",\"cloud_id\":\"c7\"}");
    assertThat(now.metadata()).isEqualTo(Json.parse("{\"keep\":1,\"plan\":\"x\"}"));
  }

  @Test
  void a_provider_without_such_a_route_has_nothing_to_wait_for() {
    Connection ann = create("ann", "{}");

    assertThat(waiting(ann)).isFalse();
    assertThat(claimed()).isEqualTo(1);
  }

  @Test
  void new_credentials_are_prepared_again_and_hold_the_syncs_back_again() {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch gate = new CountDownLatch(1);
    prepared((connection, body) -> {
      if (calls.incrementAndGet() == 2) {
        gate.await();
      }
      return NullNode.getInstance();
    });
    Connection ann = create("ann", "{}");
    awaitPrepared(ann);

    create("ann", "{}");

    assertThat(claimed()).as("after the reconnect").isZero();
    gate.countDown();
    awaitPrepared(ann);
    assertThat(claimed()).isEqualTo(1);
    assertThat(calls).hasValue(2);
  }

  @Test
  void a_sync_that_is_added_or_mended_meanwhile_waits_as_well() {
    CountDownLatch gate = new CountDownLatch(1);
    prepared((connection, body) -> {
      gate.await();
      return NullNode.getInstance();
    });
    Connection ann = create("ann", "{}");
    SyncStore rows = new SyncStore();
    postgres
        .database()
        .useTransaction(handle -> {
          rows.create(
              handle, ann.id(), ann.tenant(), "desk", new SyncControl.Name("tickets", "second"));
          handle.execute("delete from sync where variant = 'base'");
          connectionSyncs.resumed(handle, ann);
        });
    connectionSyncs.reconcile(Set.of());

    assertThat(number("select count(*) from sync")).isEqualTo(2);
    assertThat(claimed()).isZero();
    gate.countDown();
    awaitPrepared(ann);
    assertThat(claimed()).isEqualTo(2);
  }

  @Test
  void a_route_that_fails_is_tried_again_shows_after_three_failures_and_is_forgotten_by_success() {
    AtomicInteger calls = new AtomicInteger();
    prepared((connection, body) -> {
      if (calls.incrementAndGet() <= 3) {
        throw new IllegalStateException("not yet");
      }
      return NullNode.getInstance();
    });
    Connection ann = create("ann", "{}");

    for (int failures = 1; failures <= 3; failures++) {
      awaitFailures(ann, failures);
      assertThat(errors(ann)).hasSize(failures < 3 ? 0 : 1);
      assertThat(claimed()).isZero();
      due(ann);
      nodes.getFirst().wake();
    }
    awaitPrepared(ann);

    assertThat(errors(ann)).isEmpty();
    assertThat(claimed()).isEqualTo(1);
  }

  @Test
  void the_backend_is_told_once_that_a_preparation_fails_and_once_that_it_is_mended() {
    postgres
        .database()
        .useTransaction(h -> h.execute("update environment set primary_url = 'http://backend/'"));
    Preparations teller =
        node(
            connectionSyncs,
            new AuthMessages(
                postgres.database(),
                new PostgresOutbox(
                    new Deliveries(postgres.database(), Backoff.overThreeDays(new Random(1)))),
                (handle, connection) -> Optional.empty()));
    AtomicBoolean mended = new AtomicBoolean();
    prepared((connection, body) -> {
      if (!mended.get()) {
        throw new IllegalStateException("the customer's secret is hunter2");
      }
      return NullNode.getInstance();
    });
    Connection ann = seeded("ann");
    for (int failures = 1; failures <= 4; failures++) {
      teller.wake();
      awaitFailures(ann, failures);
      assertThat(messages()).as("after failure " + failures).hasSize(failures < 3 ? 0 : 1);
      due(ann);
    }
    mended.set(true);
    awaitPrepared(ann);

    assertThat(messages()).hasSize(2);
    JsonNode failed = messages().getFirst();
    assertThat(failed.path("type").asText()).isEqualTo("auth");
    assertThat(failed.path("operation").asText()).isEqualTo("creation");
    assertThat(failed.path("success")).isEqualTo(BooleanNode.FALSE);
    assertThat(failed.path("connectionId").asText()).isEqualTo("ann");
    assertThat(failed.at("/error/type").asText()).isEqualTo("connection_not_prepared");
    assertThat(failed.at("/error/description").asText())
        .contains("3 attempts", "IllegalStateException")
        .doesNotContain("hunter2");
    assertThat(messages().getLast().path("operation").asText()).isEqualTo("creation");
    assertThat(messages().getLast().path("success")).isEqualTo(BooleanNode.TRUE);
  }

  private static List<JsonNode> messages() {
    return postgres
        .database()
        .read(h ->
            h
                .createQuery("select body from message order by created_at, id")
                .mapTo(String.class)
                .list()
                .stream()
                .map(Json::parse)
                .toList());
  }

  @Test
  void what_shows_is_of_the_type_that_applications_know() {
    prepared((connection, body) -> {
      throw new IllegalStateException("never");
    });
    Connection ann = create("ann", "{}");
    for (int failures = 1; failures <= 4; failures++) {
      awaitFailures(ann, failures);
      due(ann);
      nodes.getFirst().wake();
    }

    awaitFailures(ann, 5);
    assertThat(errors(ann)).hasSize(1);
    assertThat(errors(ann).get(0).path("type").asText()).isEqualTo("auth");
    assertThat(errors(ann).get(0).path("log_id").asText()).isNotEmpty();
  }

  @Test
  void a_process_that_dies_before_the_commit_leaves_nothing_and_another_begins_anew() {
    AtomicInteger calls = new AtomicInteger();
    prepared((connection, body) -> {
      calls.incrementAndGet();
      return Json.parse("{\"metadata\":{\"done\":true}}");
    });
    CountDownLatch died = new CountDownLatch(1);
    Preparations dying =
        node(
            new ConnectionListener() {
              @Override
              public void created(Handle transaction, Connection connection) {}

              @Override
              public void deleted(Handle transaction, Connection connection) {}

              @Override
              public void resumed(Handle transaction, Connection connection) {
                died.countDown();
                throw new Death();
              }
            });
    Connection ann = seeded("ann");
    dying.wake();
    await().dontCatchUncaughtExceptions().until(() -> died.getCount() == 0);
    await()
        .dontCatchUncaughtExceptions()
        .until(() ->
            number("select count(*) from pg_stat_activity where state like 'idle in transaction%'")
                == 0);

    assertThat(waiting(ann)).isTrue();
    assertThat(store.find(ann.id()).orElseThrow().metadata()).isEqualTo(Json.object());
    nodes.getFirst().wake();
    assertThat(claimed()).as("its lease still runs").isZero();
    due(ann);
    nodes.getFirst().wake();
    awaitPrepared(ann);

    assertThat(calls).hasValue(2);
    assertThat(store.find(ann.id()).orElseThrow().metadata()).hasToString("{\"done\":true}");
    assertThat(claimed()).isEqualTo(1);
  }

  @Test
  void of_two_nodes_one_prepares_each_connection() {
    Map<Long, AtomicInteger> calls = new ConcurrentHashMap<>();
    prepared((connection, body) -> {
      calls.computeIfAbsent(connection.id(), any -> new AtomicInteger()).incrementAndGet();
      return NullNode.getInstance();
    });
    for (int i = 0; i < 30; i++) {
      seeded("user-" + i);
    }
    Preparations other = node(connectionSyncs);

    nodes.getFirst().wake();
    other.wake();

    await()
        .until(() -> {
          nodes.forEach(Preparations::wake);
          return number("select count(*) from connection where prepare_due_at is not null") == 0;
        });
    assertThat(calls).hasSize(30).allSatisfy((id, count) -> assertThat(count).hasValue(1));
    assertThat(claimed()).isEqualTo(30);
  }

  @Test
  void an_owner_whose_lease_went_to_another_node_applies_nothing() {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch finished = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    prepared((connection, body) -> {
      int call = calls.incrementAndGet();
      if (call == 1) {
        gate.await();
        finished.countDown();
      }
      return Json.object().set("metadata", Json.object().put("by", call));
    });
    Connection ann = create("ann", "{}");
    await().until(() -> calls.get() == 1);
    due(ann);
    node(connectionSyncs).wake();
    awaitPrepared(ann);

    gate.countDown();
    await().until(() -> finished.getCount() == 0);
    assertThat(stopped(nodes.getFirst())).isTrue();
    assertThat(store.find(ann.id()).orElseThrow().metadata()).hasToString("{\"by\":2}");
  }

  @Test
  void a_route_that_leaves_what_cannot_be_merged_has_not_succeeded() {
    for (String left :
        List.of(
            "{\"cloud_id\":\"c7\"}",
            "[1]",
            "{\"metadata\":5}",
            "{\"connection_config\":{\"cloud_id\":\"../x\"}}",
            "{\"connection_config\":{\"pin\":\"1\"}}")) {
      prepared((connection, body) -> Json.parse(left));
      Connection made = create("of " + Math.abs(left.hashCode()), "{}");

      awaitFailures(made, 1);
      assertThat(store.find(made.id()).orElseThrow().config()).as(left).hasSize(1);
    }
    assertThat(claimed()).isZero();
  }

  @Test
  void what_somebody_changed_meanwhile_stays_when_the_route_did_not_touch_it() {
    CountDownLatch gate = new CountDownLatch(1);
    prepared((connection, body) -> {
      gate.await();
      return body;
    });
    Connection ann = create("ann", "{\"team\":\"red\"}");
    connections.metadata(
        desk, Set.of("ann"), Connections.MetadataMode.REPLACE, Json.object().put("team", "blue"));

    gate.countDown();
    awaitPrepared(ann);

    assertThat(store.find(ann.id()).orElseThrow().metadata()).hasToString("{\"team\":\"blue\"}");
  }

  /** The machine is gone: nothing of it books a failure. */
  private static final class Death extends Error {}

  private void prepared(LifecycleRoute route) {
    routes.register("desk", Event.CREATED, route);
  }

  private Preparations node(ConnectionListener... working) {
    Preparations node =
        new Preparations(
            new Preparations.Rooms(
                postgres.database(), store, vault, () -> catalogue, routes, List.of(working)));
    nodes.add(node);
    return node;
  }

  private static boolean stopped(Preparations node) {
    try {
      node.close(); // waits for what is under way
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private Connection create(String id, String metadata) {
    return switch (connections.put(
        desk,
        id,
        Offered.of(new Credentials.None()),
        new ConnectionChange(
            null,
            null,
            (com.fasterxml.jackson.databind.node.ObjectNode) Json.parse(metadata),
            Json.object().put("url", "https://desk.test"),
            null))) {
      case Connections.Imported.Created made -> made.details().connection();
      case Connections.Imported.Overridden made -> made.details().connection();
      case Connections.Imported other -> throw new IllegalStateException(other.toString());
    };
  }

  /** One that waits, and nobody was woken for it: its node died right after the commit. */
  private Connection seeded(String id) {
    LifecycleRoute route = routes.find("desk", Event.CREATED).orElseThrow();
    routes.unregister("desk", Event.CREATED, route);
    Connection made = create(id, "{}");
    postgres
        .database()
        .useTransaction(handle -> {
          handle.execute(
              "update connection set prepare_due_at = clock_timestamp() where id = ?", made.id());
          connectionSyncs.overridden(handle, made);
        });
    routes.register("desk", Event.CREATED, route);
    return made;
  }

  private int claimed() {
    RunSettings settings =
        new RunSettings("n", 4, Duration.ofMinutes(1), Duration.ofSeconds(10), 1 << 20, 3);
    return new LeaseStore(postgres.database(), settings)
        .claim(new String[] {"desk/tickets"}, 1_000)
        .size();
  }

  private void due(Connection connection) {
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "update connection set prepare_due_at = clock_timestamp() - interval '1 second' where id = ?",
                connection.id()));
  }

  private void awaitPrepared(Connection connection) {
    await()
        .until(() -> {
          nodes.getLast().wake(); // as the timer does: a claim passes over a row that is locked
          return !waiting(connection);
        });
  }

  /** Booked: the lease is two minutes, the first pauses are shorter. */
  private void awaitFailures(Connection connection, int failures) {
    await()
        .until(() ->
            number(
                    "select count(*) from connection where prepare_attempts = %d and id = %d and"
                            .formatted(failures, connection.id())
                        + " prepare_due_at not between clock_timestamp() + interval '100 s' and clock_timestamp() + interval '121 s'")
                == 1);
  }

  private boolean waiting(Connection connection) {
    return number(
            "select count(*) from connection where prepare_due_at is not null and id = "
                + connection.id())
        == 1;
  }

  private JsonNode errors(Connection connection) {
    return connections.find(connection.id()).orElseThrow().errors();
  }

  private int number(String sql) {
    return postgres.database().read(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  private static Path providers() throws Exception {
    Path provider = Files.createDirectories(folder.resolve("providers/desk"));
    Files.writeString(
        provider.resolve("provider.yaml"),
        """
        name: desk
        display_name: Desk
        auth: {type: none}
        base_url: "${connection_config.url}"
        connection_config:
          url: {title: URL, description: Where, pattern: 'https?://[^?#]+', example: 'https://desk.test'}
          cloud_id: {title: Cloud, description: Found out, pattern: '[a-z0-9]+', example: c7, required: false}
          pin: {title: PIN, description: Secret, pattern: '[0-9]+', example: '1', required: false, secret: true}
        """);
    return provider.getParent();
  }
}

package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionChange;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Connections;
import dev.serai.connection.CredentialVault;
import dev.serai.connection.Credentials;
import dev.serai.connection.Integration;
import dev.serai.connection.IntegrationStore;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.connection.Offered;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever ends a connection waits for its runs, and no run waits for him. */
@Timeout(60)
class LockOrderTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final Duration LEASE = Duration.ofMinutes(1);

  /** The ways in which a connection's syncs go. */
  enum Ending {
    DELETED,
    REPLACED,
    INTEGRATION_DELETED
  }

  private static final ConnectionChange NOTHING =
      new ConnectionChange(null, null, null, null, null);

  private final Set<UUID> tokens = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SyncRegistry registry = new SyncRegistry();
  private final LeaseStore leases =
      new LeaseStore(
          postgres.database(),
          new RunSettings("node", 4, LEASE, Duration.ofSeconds(10), 1 << 20, 3));
  private final RunStore runs = new RunStore(LEASE);
  private SyncControl control;
  private Connections connections;
  private Integration desk;

  @BeforeEach
  void start() {
    for (String name : List.of("tickets", "users")) {
      registry.register(
          new SyncDefinition("desk", name, Set.of(), new Schedule.Every(Duration.ofHours(1))),
          (connection, records, page) -> Optional.empty());
    }
    control = new SyncControl(postgres.database(), registry, (connection, variant) -> Map.of());
    IntegrationStore integrations = new IntegrationStore(postgres.database());
    connections =
        new Connections(
            postgres.database(),
            integrations,
            new ConnectionStore(postgres.database()),
            new CredentialVault(postgres.database(), new Vault(MasterKey.parse(Marked.MASTER_KEY))),
            List.of(new ConnectionSyncs(postgres.database(), registry)));
    desk =
        integrations
            .create(
                postgres.environment(),
                new Draft("desk", "desk", null, Json.object(), Json.object(), true))
            .orElseThrow();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  // Its own second update of a row makes PostgreSQL look after the row's foreign key again.
  @ParameterizedTest
  @EnumSource
  void a_run_in_the_middle_of_its_transaction_ends_it_though_its_connection_is_going(Ending ending)
      throws Exception {
    put("ann", "alice");
    Lease lease = leases.claim(new String[] {"desk/tickets"}, 1).getFirst();

    Future<?> going =
        postgres
            .database()
            .inTransaction(handle -> {
              assertThat(runs.fence(handle, lease)).isPresent();
              Future<?> begun = threads.submit(() -> end(ending, "ann"));
              awaitBlocked(1);
              long run = runs.begin(handle, lease, Run.Mode.INITIAL, false, Map.of(), "f", null);
              new RunEndStore()
                  .endSync(handle, lease.sync(), Instant.now(), true, false, true, "f");
              assertThat(run).isPositive();
              return begun;
            });
    going.get(20, TimeUnit.SECONDS);

    assertThat(number("select count(*) from sync_run")).as("the run's transaction").isEqualTo(1);
    assertThat(number("select count(*) from sync where id = " + lease.sync())).isZero();
  }

  private void end(Ending ending, String id) {
    switch (ending) {
      case DELETED -> assertThat(connections.delete(desk, id)).isTrue();
      case REPLACED -> put(id, "bob");
      case INTEGRATION_DELETED -> assertThat(connections.deleteIntegration(desk)).isTrue();
    }
  }

  // The syncs of two connections lie across each other: ann's variant is the youngest of all.
  @Test
  void deleting_an_integration_and_triggering_its_connections_take_their_turns() throws Exception {
    Connection ann = put("ann", "alice");
    Connection bob = put("bob", "bob");
    SyncControl.Name early = new SyncControl.Name("tickets", "early");
    SyncControl.Name late = new SyncControl.Name("tickets", "late");
    control.createVariant(bob, early);
    control.createVariant(ann, late);

    Future<?> deleted;
    Future<Integer> triggered;
    try (var holder = postgres.database().dataSource().getConnection()) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("select id from sync where variant = 'late' for update");
      deleted = threads.submit(() -> connections.deleteIntegration(desk));
      awaitBlocked(1);
      triggered =
          threads.submit(() ->
              control.trigger(
                  List.of(ann, bob), List.of(early, late), SyncControl.Mode.INCREMENTAL));
      awaitBlocked(2);
      holder.commit();
    }

    deleted.get(20, TimeUnit.SECONDS);
    triggered.get(20, TimeUnit.SECONDS);
    assertThat(number("select count(*) from sync")).isZero();
  }

  @Test
  void connections_come_and_go_while_their_syncs_run() throws Exception {
    assertThat(comingAndGoing(20)).isEqualTo(20);
  }

  @Test
  @Tag("full")
  @Timeout(300)
  void connections_come_and_go_400_times_while_their_syncs_run() throws Exception {
    assertThat(comingAndGoing(400)).isEqualTo(400);
  }

  /**
   * Four customers' connections are made, replaced, deleted; everybody else goes on all the time.
   */
  private int comingAndGoing(int rounds) throws Exception {
    AtomicBoolean on = new AtomicBoolean(true);
    List<Future<?>> others =
        List.of(
            always(on, this::runAll),
            always(on, this::runAll),
            always(on, () -> leases.heartbeat(Set.copyOf(tokens))),
            always(
                on,
                () ->
                    control.trigger(
                        connections.ofIntegration(desk), List.of(), SyncControl.Mode.FULL)),
            always(on, () -> control.start(connections.ofIntegration(desk), List.of())),
            always(
                on, () -> new ConnectionSyncs(postgres.database(), registry).reconcile(Set.of())),
            always(on, leases::releaseFormerLife));
    for (int round = 0; round < rounds; round++) {
      List<Future<?>> endings = new ArrayList<>();
      for (String id : List.of("ann", "bob", "cid", "dan")) {
        String account = id + round;
        endings.add(
            threads.submit(() ->
                connections.put(
                    desk,
                    id,
                    new Offered(new Credentials.None(), Json.object(), account),
                    NOTHING)));
      }
      endings.add(threads.submit(() -> connections.delete(desk, "ann")));
      for (Future<?> ending : endings) {
        ending.get(20, TimeUnit.SECONDS);
      }
    }
    on.set(false);
    for (Future<?> other : others) {
      other.get(20, TimeUnit.SECONDS); // it throws what it met
    }
    connections.deleteIntegration(desk);
    assertThat(number("select count(*) from sync")).isZero();
    return rounds;
  }

  private Future<?> always(AtomicBoolean on, Runnable work) {
    return threads.submit(() -> {
      while (on.get()) {
        work.run();
      }
    });
  }

  /** What a run does to the rows, without a provider. */
  private void runAll() {
    for (Lease lease : leases.claim(new String[] {"desk/tickets", "desk/users"}, 3)) {
      tokens.add(lease.token());
      Optional<Long> run =
          postgres
              .database()
              .inTransaction(handle ->
                  runs.fence(handle, lease)
                      .filter(fenced -> fenced.run() == null)
                      .map(fenced ->
                          runs.begin(handle, lease, Run.Mode.INITIAL, false, Map.of(), "f", null)));
      if (run.isPresent()) {
        postgres
            .database()
            .useTransaction(handle ->
                runs.fence(handle, lease)
                    .ifPresent(fenced -> {
                      new RunEndStore().endRun(handle, run.get(), "success", Json.object(), null);
                      new RunEndStore()
                          .endSync(handle, lease.sync(), Instant.now(), true, false, true, "f");
                    }));
      }
      tokens.remove(lease.token());
    }
  }

  @Test
  void a_variant_that_is_made_while_its_connection_goes_is_not_left_behind() throws Exception {
    Connection ann = put("ann", "alice");
    Future<SyncControl.VariantResult> made =
        postgres
            .database()
            .inTransaction(handle -> {
              handle.execute(
                  "update connection set deleted_at = clock_timestamp() where id = ?", ann.id());
              handle.execute("delete from sync where connection = ?", ann.id());
              Future<SyncControl.VariantResult> begun =
                  threads.submit(
                      () -> control.createVariant(ann, new SyncControl.Name("tickets", "late")));
              awaitBlocked(1);
              return begun;
            });

    assertThat(made.get(20, TimeUnit.SECONDS)).isEqualTo(SyncControl.VariantResult.NO_CONNECTION);
    assertThat(number("select count(*) from sync")).isZero();
  }

  private Connection put(String id, String account) {
    var put =
        connections.put(
            desk, id, new Offered(new Credentials.None(), Json.object(), account), NOTHING);
    if (put instanceof Connections.Imported.Created created) {
      return created.details().connection();
    }
    throw new IllegalStateException(put.toString());
  }

  private static void awaitBlocked(int transactions) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(() ->
            number(
                    "select count(*) from pg_stat_activity where datname = current_database()"
                        + " and cardinality(pg_blocking_pids(pid)) > 0")
                >= transactions);
  }

  private static long number(String sql) {
    return postgres.database().read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}

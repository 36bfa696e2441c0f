package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.connection.IntegrationStore.Draft;
import dev.serai.database.Database;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.DataKey;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import dev.serai.vault.VaultException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DataKeysTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final byte[] CONTEXT = {1, 2, 3};
  private static final byte[] PLAIN = "payload".getBytes(StandardCharsets.US_ASCII);

  private final Vault vault = new Vault(MasterKey.parse(Marked.MASTER_KEY));
  private final AtomicLong otherClock = new AtomicLong();
  private DataKeys keys;
  private DataKeys otherNode;
  private Connections connections;
  private Integration helpdesk;

  @BeforeEach
  void start() {
    keys = new DataKeys(postgres.database(), vault);
    otherNode = new DataKeys(postgres.database(), vault, otherClock::get);
    IntegrationStore integrations = new IntegrationStore(postgres.database());
    connections =
        new Connections(
            postgres.database(),
            integrations,
            new ConnectionStore(postgres.database()),
            new CredentialVault(postgres.database(), vault),
            List.of(keys));
    helpdesk =
        integrations
            .create(
                postgres.environment(),
                new Draft("hd", "helpdesk", null, Json.object(), Json.object(), true))
            .orElseThrow();
  }

  @Test
  void every_node_finds_the_one_key_of_a_connection_and_no_other_connection_has_it() {
    long ann = connect("ann");
    long bob = connect("bob");

    DataKey made = keys.current(ann);
    byte[] sealed = made.seal(CONTEXT, PLAIN, 0, PLAIN.length);

    assertThat(otherNode.current(ann).id()).isEqualTo(made.id());
    assertThat(otherNode.key(made.id()).open(CONTEXT, sealed)).isEqualTo(PLAIN);
    assertThat(keys.current(bob).id()).isNotEqualTo(made.id());
    assertThatThrownBy(() -> keys.current(bob).open(CONTEXT, sealed))
        .hasFieldOrPropertyWithValue("code", "unsealing_failed");
    assertThat(count("select count(*) from data_key")).isEqualTo(2);
  }

  @Test
  void nodes_that_race_make_one_key() throws Exception {
    long ann = connect("ann");
    CountDownLatch together = new CountDownLatch(1);
    List<Future<Long>> ids = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int node = 0; node < 16; node++) {
        DataKeys mine = new DataKeys(postgres.database(), vault);
        ids.add(
            pool.submit(() -> {
              together.await();
              return mine.current(ann).id();
            }));
      }
      together.countDown();
    }

    long only = keys.current(ann).id();
    for (Future<Long> id : ids) {
      assertThat(id.get()).isEqualTo(only);
    }
    assertThat(count("select count(*) from data_key")).isEqualTo(1);
  }

  @Test
  void a_deleted_connection_takes_its_key_along_on_this_node_at_once_and_on_others_in_time() {
    long ann = connect("ann");
    long id = keys.current(ann).id();
    assertThat(keys.key(id).id()).isEqualTo(id);
    assertThat(otherNode.key(id).id()).isEqualTo(id);
    assertThat(otherNode.current(ann).id()).isEqualTo(id);

    assertThat(connections.delete(helpdesk, "ann")).isTrue();

    assertThat(count("select count(*) from data_key")).isZero();
    gone(() -> keys.key(id));
    gone(() -> keys.current(ann));
    otherClock.addAndGet(DataKeys.REMEMBERED.minusSeconds(1).toNanos());
    assertThat(otherNode.key(id).id()).isEqualTo(id);
    otherClock.addAndGet(Duration.ofSeconds(1).toNanos());
    gone(() -> otherNode.key(id));
    gone(() -> otherNode.current(ann));
    assertThat(count("select count(*) from data_key")).as("none is made anew").isZero();
  }

  @Test
  void a_deletion_that_is_rolled_back_leaves_the_key() {
    long ann = connect("ann");
    long id = keys.current(ann).id();

    assertThatThrownBy(() ->
            postgres
                .database()
                .useTransaction(transaction -> {
                  keys.drop(transaction, ann);
                  throw new IllegalStateException("died");
                }))
        .hasMessage("died");

    assertThat(new DataKeys(postgres.database(), vault).key(id).id()).isEqualTo(id);
  }

  @Test
  void a_key_asked_for_while_its_connection_is_being_deleted_is_not_made() throws Exception {
    long ann = connect("ann");
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<DataKey> asked =
          postgres
              .database()
              .inTransaction(deletion -> {
                deletion.execute(
                    "update connection set deleted_at = clock_timestamp() where id = ?", ann);
                Future<DataKey> waiting = pool.submit(() -> keys.current(ann));
                await().atMost(Duration.ofSeconds(20)).until(this::somebodyWaitsForAConnection);
                return waiting;
              });

      assertThatThrownBy(asked::get)
          .hasCauseInstanceOf(VaultException.class)
          .hasMessageContaining("The connection was deleted and its data key with it");
    }
    assertThat(count("select count(*) from data_key")).isZero();
  }

  @Test
  void a_sealed_key_copied_to_another_connection_opens_nothing() {
    long ann = connect("ann");
    long bob = connect("bob");
    long annKey = keys.current(ann).id();
    long bobKey = keys.current(bob).id();

    postgres
        .database()
        .useTransaction(h ->
            h.execute(
                "update data_key set sealed = (select sealed from data_key where id = ?) where id = ?",
                annKey,
                bobKey));

    assertThatThrownBy(() -> new DataKeys(postgres.database(), vault).key(bobKey))
        .hasFieldOrPropertyWithValue("code", "unsealing_failed")
        .hasMessageContaining("belongs to another row (purpose: data_key");
  }

  @Test
  void a_key_is_there_for_whoever_holds_the_last_connection_of_the_pool() {
    long id = keys.current(connect("ann")).id();
    Database.Limits one = new Database.Limits(1, Duration.ofSeconds(30), Duration.ofSeconds(10));
    try (Database small = new Database(postgres.address(), one)) {
      DataKeys mine = new DataKeys(small, vault);

      long found = small.inTransaction(page -> mine.key(id).id());

      assertThat(found).isEqualTo(id);
    }
  }

  private boolean somebodyWaitsForAConnection() {
    return count(
            "select count(*) from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock' and query like '%into data_key%'")
        > 0;
  }

  private static void gone(ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOf(VaultException.class)
        .hasFieldOrPropertyWithValue("code", "data_key_gone");
  }

  private long connect(String name) {
    Connections.Imported made =
        connections.put(
            helpdesk,
            name,
            Offered.of(new Credentials.ApiKey("secret-1")),
            new ConnectionChange(null, null, null, null, null));
    return ((Connections.Imported.Created) made).details().connection().id();
  }

  private long count(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}

package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.database.Database;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeaseStoreTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String[] ROUTES = {"desk/tickets"};

  private Database database;
  private SyncRows rows;

  @BeforeEach
  void seed() {
    database = postgres.database();
    rows = new SyncRows(postgres);
  }

  @Test
  void nodes_that_claim_at_once_never_claim_the_same_sync() throws Exception {
    for (int i = 0; i < 200; i++) {
      rows.sync("tenant-" + i % 7, "desk", "tickets");
    }
    List<Long> claimed = Collections.synchronizedList(new ArrayList<>());

    try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> claims = new ArrayList<>();
      for (int node = 0; node < 6; node++) {
        LeaseStore store = store("node-" + node, Duration.ofMinutes(1));
        claims.add(() -> {
          List<Lease> got;
          do {
            got = store.claim(ROUTES, 9);
            got.forEach(lease -> claimed.add(lease.sync()));
          } while (!got.isEmpty());
          return null;
        });
      }
      for (var claim : nodes.invokeAll(claims)) {
        claim.get();
      }
    }

    // A claim that skipped locked rows may come back short: what is left is claimed by the next
    // tick.
    store("last", Duration.ofMinutes(1)).claim(ROUTES, 500).forEach(l -> claimed.add(l.sync()));
    assertThat(claimed).hasSize(200);
    assertThat(new HashSet<>(claimed)).hasSize(200);
  }

  @Test
  void a_tenant_with_many_syncs_does_not_push_the_others_back() {
    for (int i = 0; i < 50; i++) {
      rows.sync("big", "desk", "tickets");
    }
    long small = rows.sync("small", "desk", "tickets");
    LeaseStore store = store("node", Duration.ofMinutes(1));

    List<Lease> first = store.claim(ROUTES, 2);

    assertThat(first).extracting(Lease::sync).contains(small);
  }

  @Test
  void what_a_tenant_already_runs_counts_as_its_turn() {
    for (int i = 0; i < 3; i++) {
      rows.sync("big", "desk", "tickets");
    }
    LeaseStore store = store("node", Duration.ofMinutes(1));
    store.claim(ROUTES, 2);
    long small = rows.sync("small", "desk", "tickets");

    assertThat(store.claim(ROUTES, 1)).extracting(Lease::sync).containsExactly(small);
  }

  @Test
  void only_syncs_whose_route_runs_here_are_claimed() {
    rows.sync("t", "elsewhere", "tickets");

    assertThat(store("node", Duration.ofMinutes(1)).claim(ROUTES, 10)).isEmpty();
  }

  @Test
  void a_lease_that_ran_out_is_claimed_by_another_node_and_its_former_owner_is_fenced() {
    rows.sync("t", "desk", "tickets");
    Lease old = store("one", Duration.ofMinutes(1)).claim(ROUTES, 1).getFirst();
    rows.expire(old.sync());

    Lease now = store("two", Duration.ofMinutes(1)).claim(ROUTES, 1).getFirst();

    RunStore runs = new RunStore(Duration.ofMinutes(1));
    assertThat(now.sync()).isEqualTo(old.sync());
    assertThat(database.<Boolean>inTransaction(h -> runs.fence(h, old).isPresent())).isFalse();
    assertThat(database.<Boolean>inTransaction(h -> runs.fence(h, now).isPresent())).isTrue();
  }

  @Test
  void a_heartbeat_keeps_a_lease_and_cannot_revive_a_lost_one() {
    rows.sync("t", "desk", "tickets");
    rows.sync("t", "desk", "tickets");
    LeaseStore store = store("one", Duration.ofMinutes(1));
    List<Lease> leases = store.claim(ROUTES, 2);
    rows.expire(leases.get(0).sync());
    Set<UUID> tokens = Set.of(leases.get(0).token(), leases.get(1).token());

    store.heartbeat(tokens);

    assertThat(store.held(tokens)).containsExactly(leases.get(1).token());
  }

  @Test
  void a_restarted_node_takes_up_its_own_runs_at_once_and_nobody_elses() {
    long mine = rows.sync("t", "desk", "tickets");
    store("one", Duration.ofMinutes(1)).claim(ROUTES, 1);
    rows.sync("t", "desk", "tickets");
    store("two", Duration.ofMinutes(1)).claim(ROUTES, 1);

    LeaseStore restarted = store("one", Duration.ofMinutes(1));

    assertThat(restarted.releaseFormerLife()).isEqualTo(1);
    assertThat(restarted.claim(ROUTES, 10)).extracting(Lease::sync).containsExactly(mine);
  }

  @Test
  void a_paused_sync_is_claimed_only_to_end_the_run_it_left_open() {
    long idle = rows.sync("t", "desk", "tickets");
    long open = rows.sync("t", "desk", "tickets");
    database.useTransaction(h ->
        h.execute("update sync set state = 'paused', run = case when id = ? then 7 end", open));

    List<Lease> claimed = store("node", Duration.ofMinutes(1)).claim(ROUTES, 10);

    assertThat(claimed).extracting(Lease::sync).containsExactly(open).doesNotContain(idle);
  }

  @Test
  void a_sync_whose_grant_is_over_is_not_claimed_until_it_is_unblocked_and_then_at_once() {
    long blocked = rows.sync("t", "desk", "tickets");
    long connection =
        database.read(h ->
            h.createQuery("select connection from sync where id = " + blocked)
                .mapTo(Long.class)
                .one());
    SyncStore syncs = new SyncStore();
    database.useTransaction(h -> syncs.block(h, connection));
    LeaseStore store = store("node", Duration.ofMinutes(1));
    assertThat(store.claim(ROUTES, 10)).isEmpty();

    database.useTransaction(h -> {
      h.execute("update sync set due_at = clock_timestamp() + interval '1 day'");
      syncs.unblock(h, connection);
    });

    assertThat(store.claim(ROUTES, 10)).extracting(Lease::sync).containsExactly(blocked);
  }

  private LeaseStore store(String node, Duration lease) {
    return new LeaseStore(
        database, new RunSettings(node, 10, lease, lease.dividedBy(4), 1 << 20, 3));
  }
}

package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.database.Database;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.stream.Streams.Deletes;
import dev.serai.stream.Streams.Facts;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The search for missing rows, range by range. */
class MissingRowsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final RunSettings SETTINGS =
      new RunSettings("node", 4, Duration.ofSeconds(60), Duration.ofSeconds(20), 1 << 20, 3);
  private static final long COLLECTION = 1;

  private final RunStore runs = new RunStore(SETTINGS.lease());
  private Database database;
  private long sync;

  @BeforeEach
  void open() {
    database = postgres.database();
    sync = new SyncRows(postgres).sync("t", "desk", "things");
  }

  @Test
  @Timeout(60)
  void whoever_takes_a_search_over_goes_on_where_it_stood_and_the_former_owner_is_kept_out() {
    Lease lease = claim();
    read(lease, 1_000, 10);
    MissingRows search = search(7);
    Optional<Looking> at = Optional.of(Looking.START);
    int takeovers = 0;
    int steps = 0;

    while (at.isPresent()) {
      if (steps++ % 13 == 5) {
        Lease former = lease;
        execute("update sync set lease_until = clock_timestamp() - interval '1 second'");
        lease = claim();
        assertThat(search.step(read(former), at.get())).as("the former owner").isEmpty();
        at = Optional.of(Looking.of(run(lease).position()));
        takeovers++;
      }
      at = search.step(read(lease), at.get()).orElseThrow();
    }

    assertThat(takeovers).isGreaterThan(10);
    assertThat(steps).isGreaterThan(1_000 / 7);
    assertThat(number("select count(*) from deletion_candidate where misses = 1")).isEqualTo(100);
    assertThat(number("select count(*) from deletion_candidate where right(external_id, 1) <> '0'"))
        .isZero();
    assertThat(number("select candidates from sync_run")).isEqualTo(100);
    assertThat(number("select count(*) from sync where position is null")).isEqualTo(1);
  }

  @Test
  @Timeout(60)
  void a_read_that_is_not_believed_leaves_no_candidate_behind() {
    Lease lease = claim();
    read(lease, 1_000, 1);
    execute("update seen set ids = '{0000000}'");

    assertThat(search(7).find(read(lease))).isTrue();

    assertThat(number("select count(*) from deletion_candidate")).isZero();
    assertThat(number("select held from sync_run")).isEqualTo(999);
    assertThat(number("select candidates from sync_run")).isZero();
  }

  @Test
  @Timeout(60)
  void what_an_earlier_read_missed_and_this_one_saw_is_forgotten_in_every_range() {
    Lease lease = claim();
    execute(
        "insert into deletion_candidate (collection, external_id, stream, run) select 1, 'x' || i, 'things', 0 from generate_series(1, 50) i");
    read(lease, 100, 10);

    assertThat(search(7).find(read(lease))).isTrue();

    assertThat(number("select count(*) from deletion_candidate")).isEqualTo(10);
  }

  @Test
  @Tag("full")
  @Timeout(600)
  void a_million_rows_take_no_transaction_near_its_limit() {
    Lease lease = claim();
    read(lease, 1_000_000, 10);
    MissingRows search = search(100_000);
    Optional<Looking> at = Optional.of(Looking.START);
    long from = System.nanoTime();
    long longest = 0;
    int steps = 0;

    while (at.isPresent()) {
      long began = System.nanoTime();
      at = search.step(read(lease), at.get()).orElseThrow();
      longest = Math.max(longest, System.nanoTime() - began);
      steps++;
    }

    long took = System.nanoTime() - from;
    assertThat(number("select count(*) from deletion_candidate")).isEqualTo(100_000);
    assertThat(longest).isLessThan(Duration.ofSeconds(15).toNanos());
    System.out.printf(
        "missing rows: 1,000,000 looked at, 100,000 nominated in %d transactions, %,d ms; the longest took %,d ms of 30,000%n",
        steps, took / 1_000_000, longest / 1_000_000);
  }

  private MissingRows search(int rows) {
    return new MissingRows(
        database,
        runs,
        new RecordWriter(database, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF),
        rows);
  }

  private Lease claim() {
    execute("update sync set due_at = clock_timestamp()");
    return new LeaseStore(database, SETTINGS).claim(new String[] {"desk/things"}, 1).getFirst();
  }

  private Run run(Lease lease) {
    return database.inTransaction(handle -> {
      RunStore.Fenced fenced = runs.fence(handle, lease).orElseThrow();
      return runs.find(handle, number("select run from sync where id = " + sync), fenced);
    });
  }

  private MissingRows.Read read(Lease lease) {
    Run run =
        new Run(
            number("select run from sync where id = " + sync),
            Run.Mode.FULL,
            Run.Phase.DELETING,
            java.time.Instant.EPOCH,
            1,
            null,
            null,
            Map.of(COLLECTION, Long.MAX_VALUE),
            Set.of(),
            null,
            false,
            true);
    return new MissingRows.Read(
        lease, run, new Facts(Deletes.FULL_DIFF, false, false, 0, 0, 0.5), 1);
  }

  /** So many rows, and a full read that saw all but each so-manieth of them. */
  private void read(Lease lease, int rows, int but) {
    execute("insert into collection (connection, model) values (1, 'Thing')");
    execute(
        """
        insert into record (collection, external_id, stream, version, added_version, hash, data, bytes, first_seen_at,
          last_modified_at, last_action)
        select 1, to_char(i, 'FM0000000'), 'things', i + 1, i + 1, '\\x00', '{}', 2, now(), now(), 'a'
        from generate_series(0, %d - 1) i
        """
            .formatted(rows));
    long run =
        database.inTransaction(handle ->
            runs.begin(
                handle, lease, Run.Mode.FULL, false, Map.of(COLLECTION, 1L << 60), "f", null));
    execute(
        """
        insert into seen (run, page, collection, ids)
        select %d, i / 1000 + 1, 1, array_agg(to_char(i, 'FM0000000') order by i desc)
        from generate_series(0, %d - 1) i where i %% %d <> 0 or %d = 1 group by i / 1000
        """
            .formatted(run, rows, but, but));
    execute("update sync_run set phase = 'deleting', pages = (select count(*) from seen)");
  }

  private long number(String sql) {
    return database.read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private void execute(String sql) {
    database.useTransaction(h -> h.execute(sql));
  }
}

package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.record.Sealing;
import dev.serai.stream.StreamPage;
import dev.serai.support.CuttingProxy;
import dev.serai.support.CuttingProxy.Side;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The connection to PostgreSQL is cut before the first message, the second, the third … until one
 * attempt passes uncut: every boundary between statements, and every one within them, on the way to
 * the server and on the way back.
 */
class CutConnectionTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final Database.Limits ONE =
      new Database.Limits(1, Duration.ofSeconds(20), Duration.ofSeconds(15));
  private static final RunSettings SETTINGS =
      new RunSettings("node", 4, Duration.ofSeconds(60), Duration.ofSeconds(20), 1 << 20, 3);

  @BeforeEach
  void writeDownEveryVersion() {
    execute("drop table if exists each_version cascade");
    execute(
        "create table each_version (collection bigint, version bigint, primary key (collection, version))");
    execute(
        """
        create or replace function write_down() returns trigger language plpgsql as $$
        begin
          if tg_op = 'INSERT' or new.version is distinct from old.version then
            insert into each_version values (new.collection, new.version);
          end if;
          return null;
        end $$
        """);
    execute(
        "create or replace trigger write_down after insert or update on record for each row execute function write_down()");
  }

  @Test
  @Timeout(120)
  void a_page_is_committed_whole_or_not_at_all_wherever_its_connection_is_cut() {
    cutPages(7);
  }

  @Test
  @Tag("full")
  @Timeout(600)
  void at_every_single_message_of_it() {
    cutPages(1);
  }

  private void cutPages(int every) {
    SyncRows rows = new SyncRows(postgres);
    try (CuttingProxy proxy = new CuttingProxy(postgres.address());
        Database cut = new Database(proxy.address(), ONE)) {
      long[] boundaries = new long[2];
      for (Side side : Side.values()) {
        long n = 1;
        while (cutPage(rows, proxy, cut, side, n)) {
          boundaries[side.ordinal()]++;
          n += every;
        }
      }
      System.out.printf(
          "cut connection, one page: %d of the client's messages and %d of the server's, every %s; 0 pages in part, 0 versions twice%n",
          boundaries[0], boundaries[1], every == 1 ? "one" : every + "th");
      assertThat(boundaries[0]).isGreaterThan(40 / every);
      assertThat(boundaries[1]).isGreaterThan(40 / every);
    }
  }

  /** Whether it was cut. */
  private boolean cutPage(SyncRows rows, CuttingProxy proxy, Database cut, Side side, long n) {
    execute("update sync set state = 'paused', run = null");
    long sync = rows.sync("t", "desk", "things");
    long connection = number("select connection from sync where id = " + sync);
    Connection asked =
        new Connection(
            connection, 1, "dev", 1, "desk", "desk", "user-1", "t", Json.object(), null, null);
    Database direct = postgres.database();
    RecordWriter writer =
        new RecordWriter(direct, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF);
    writer.save(write(connection, before()));
    Lease lease =
        new LeaseStore(direct, SETTINGS).claim(new String[] {"desk/things"}, 1).getFirst();
    RunStore runs = new RunStore(SETTINGS.lease());
    Run run = begin(direct, runs, lease);
    PageCommit pages =
        new PageCommit(
            cut,
            runs,
            new RecordWriter(cut, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF),
            1);
    StreamPage page =
        new StreamPage(Json.array(), Json.object().put("next", 2), null, List.of("7"), 1);
    Prefetch.Fetched fetched = new Prefetch.Fetched(page, direct.now(), null);
    cut.now(); // the pool is warm: what is counted is the page's

    proxy.cutAt(side, n);
    boolean heard = attempt(pages, lease, run, asked, fetched);
    boolean wasCut = proxy.disarm();

    assertThat(heard || wasCut).as("uncut it goes through").isTrue();
    if (pagesBehindTheFence(sync, run) == 0) {
      assertThat(state(connection))
          .as("%s %d: nothing", side, n)
          .containsExactly("1 2 3 4|4", "1 2 3 4|4");
      assertThat(heard).isFalse();
      assertThat(attempt(pages, lease, run, asked, fetched)).isTrue();
    }
    assertThat(state(connection))
        .as("%s %d: everything", side, n)
        .containsExactly("1 2 4 5|7", "1 2 4 5|7");
    assertThat(
            number(
                "select count(*) from each_version v join collection c on c.id = v.collection where connection = "
                    + connection))
        .isEqualTo(14);
    assertThat(
            number(
                "select count(*) from quarantine q join collection c on c.id = q.collection where connection = "
                    + connection))
        .isEqualTo(2);
    assertThat(number("select count(*) from seen where run = " + run.id())).isEqualTo(2);
    assertThat(
            text(
                "select row(pages, added, updated, deleted, unchanged, quarantined)::text from sync_run where id = "
                    + run.id()))
        .isEqualTo("(1,2,2,2,4,2)");
    return wasCut;
  }

  // As whoever takes a run up: the lock waits for what the cut connection may still be doing.
  private static long pagesBehindTheFence(long sync, Run run) {
    return postgres
        .database()
        .inTransaction(handle -> {
          handle.execute("select from sync where id = ? for update", sync);
          return handle
              .createQuery("select pages from sync_run where id = ?")
              .bind(0, run.id())
              .mapTo(Long.class)
              .one();
        });
  }

  private static Run begin(Database direct, RunStore runs, Lease lease) {
    return direct.inTransaction(handle -> {
      var baseline = runs.baseline(handle, lease.connection(), lease.variant());
      long id = runs.begin(handle, lease, Run.Mode.FULL, false, baseline, "f", null);
      return runs.find(handle, id, runs.fence(handle, lease).orElseThrow());
    });
  }

  private static boolean attempt(
      PageCommit pages, Lease lease, Run run, Connection connection, Prefetch.Fetched fetched) {
    try {
      return pages.commit(lease, run, connection, fetched, after()) == PageCommit.Result.COMMITTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static RecordWriter.Write write(long connection, List<Batch> batches) {
    return new RecordWriter.Write(
        connection,
        "base",
        "things",
        "",
        RecordWriter.Writer.PAGE,
        java.time.OffsetDateTime.now(),
        1,
        batches);
  }

  private static List<Batch> before() {
    return Stream.of("Alpha", "Beta")
        .<Batch>map(model -> save(model, "1=a", "2=a", "3=a", "4=a"))
        .toList();
  }

  /** One changed, one new, one deleted, one that jsonb refuses, the rest as it was. */
  private static List<Batch> after() {
    return Stream.of("Alpha", "Beta")
        .flatMap(model ->
            Stream.of(
                save(model, "1=a", "2=b", "4=a", "5=a", "6=\u0000"),
                new Batch.Delete(model, List.of("3"))))
        .toList();
  }

  private static Batch save(String model, String... rows) {
    return new Batch.Save(
        model,
        Stream.of(rows)
            .<com.fasterxml.jackson.databind.JsonNode>map(
                row -> Json.object().put("id", row.substring(0, 1)).put("title", row.substring(2)))
            .toList());
  }

  /** Per collection: the live ids, and its version. */
  private List<String> state(long connection) {
    return postgres
        .database()
        .read(h ->
            h.createQuery(
                    """
                    select string_agg(external_id, ' ' order by external_id) filter (where deleted_at is null) || '|' || c.version
                    from record r join collection c on c.id = r.collection where c.connection = ? group by c.id
                    """)
                .bind(0, connection)
                .mapTo(String.class)
                .list());
  }

  @Test
  @Timeout(180)
  void a_run_ends_with_the_truth_told_once_wherever_its_connection_is_cut() {
    cutRuns(23);
  }

  @Test
  @Tag("full")
  @Timeout(1200)
  void at_every_single_message_of_a_run() {
    cutRuns(1);
  }

  private void cutRuns(int every) {
    ScriptedStreams provider = new ScriptedStreams();
    provider.pageSize = 4;
    for (int i = 0; i < 5; i++) {
      provider.put("a" + i, "first");
    }
    try (SyncWorld world = new SyncWorld(postgres, provider).sync("tickets", "Ticket");
        CuttingProxy proxy = new CuttingProxy(postgres.address());
        Database cut =
            new Database(
                proxy.address(),
                new Database.Limits(3, Duration.ofSeconds(20), Duration.ofSeconds(15)))) {
      world.start(postgres.database()).run("tickets");
      long[] boundaries = new long[2];
      int runs = 0;
      for (Side side : Side.values()) {
        long n = 1;
        while (cutRun(world, provider, proxy, cut, side, n, ++runs)) {
          boundaries[side.ordinal()]++;
          n += every;
        }
      }
      assertThat(world.number("select count(*) - max(version) from each_version"))
          .as("each version once, none left out")
          .isZero();
      System.out.printf(
          "cut connection, one run: %d of the client's messages and %d of the server's, every %s; truth kept, each change told once, 0 versions twice%n",
          boundaries[0], boundaries[1], every == 1 ? "one" : every + "th");
      assertThat(boundaries[0]).isGreaterThan(100 / every);
    }
  }

  /** Whether it was cut. */
  private boolean cutRun(
      SyncWorld world,
      ScriptedStreams provider,
      CuttingProxy proxy,
      Database cut,
      Side side,
      long n,
      int round) {
    int told = world.told().size();
    long version = world.number("select version from collection");
    provider.truth.remove("n" + (round - 1));
    provider.put("n" + round, "new");
    provider.put("a1", "round " + round);
    long gone = round > 1 ? 1 : 0;
    world.start(cut);

    proxy.cutAt(side, n);
    world.run("tickets");
    boolean wasCut = proxy.disarm();
    for (int again = 0; again < 5 && unfinished(world, version); again++) {
      // A lease that was claimed and not heard of runs out; the former owner is not here any more.
      world.execute("update sync set lease_until = null, lease_token = null");
      world.start(cut).run("tickets");
    }

    Map<String, String> truth = new java.util.TreeMap<>();
    provider.truth.forEach((id, row) -> truth.put(id, row.path("title").asText()));
    assertThat(world.live("Ticket")).as("%s %d", side, n).isEqualTo(truth);
    assertThat(world.number("select version from collection")).isEqualTo(version + 2 + gone);
    long[] sums = new long[3];
    world
        .told()
        .subList(told, world.told().size())
        .forEach(message -> {
          sums[0] += message.at("/responseResults/added").asLong();
          sums[1] += message.at("/responseResults/updated").asLong();
          sums[2] += message.at("/responseResults/deleted").asLong();
        });
    assertThat(sums).as("%s %d: told", side, n).containsExactly(1, 1, gone);
    return wasCut;
  }

  /** Its run is still open, or was cut before it began. */
  private static boolean unfinished(SyncWorld world, long version) {
    return world.number("select count(*) from sync where run is not null") > 0
        || world.number("select version from collection") == version;
  }

  private static void execute(String sql) {
    postgres.database().useTransaction(h -> h.execute(sql));
  }

  private static long number(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private static String text(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(String.class).one());
  }
}

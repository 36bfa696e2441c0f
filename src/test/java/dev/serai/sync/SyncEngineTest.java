package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.outbox.OutgoingMessage;
import dev.serai.record.Sealing;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Announcements;
import dev.serai.record.Models;
import dev.serai.record.RecordWriter;
import dev.serai.stream.StreamException;
import dev.serai.stream.StreamException.ErrorClass;
import dev.serai.stream.Streams.Deletes;
import dev.serai.stream.Streams.Facts;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SyncEngineTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private final ScriptedStreams provider = new ScriptedStreams();
  private final SyncRegistry registry = new SyncRegistry();
  private final List<JsonNode> messages = new ArrayList<>();
  private final List<SyncEngine> engines = new ArrayList<>();
  private PageRoute route =
      (connection, records, page) -> {
        page.save("Ticket", records.valueStream().toList());
        return Optional.empty();
      };
  private Database database;
  private SyncRows rows;
  private Connection connection;
  private long sync;
  private SyncEngine engine;

  @BeforeEach
  void start() {
    database = postgres.database();
    rows = new SyncRows(postgres);
    sync = rows.sync("t", "desk", "tickets");
    long row = one("select connection from sync where id = " + sync);
    connection =
        new Connection(
            row,
            rows.environment(),
            "dev",
            rows.integration(),
            "desk",
            "desk",
            "user-1",
            "t",
            Json.object(),
            null,
            null);
    registry.register(
        new SyncDefinition(
            "desk", "tickets", Set.of("Ticket"), new Schedule.Every(Duration.ofHours(1))),
        (c, records, page) -> route.process(c, records, page));
    engine = engine("node-1");
  }

  @AfterEach
  void stop() {
    engines.forEach(SyncEngine::close);
  }

  @Test
  void a_first_run_stores_everything_and_announces_it_once() {
    seed(5);

    run();

    assertThat(live()).hasSize(5);
    assertThat(announced()).containsExactly("Ticket +5 ~0 -0");
    assertThat(messages.getFirst().path("syncType").asText()).isEqualTo("INITIAL");
    assertThat(lastRun("mode, outcome, pages, added")).isEqualTo("(initial,success,3,5)");
  }

  @Test
  void nothing_changed_means_no_row_written_and_no_message() {
    seed(5);
    run();
    long before = one("select sum(version) from record");
    String stamps = text("select string_agg(xmin::text, ',' order by external_id) from record");
    messages.clear();

    run();

    assertThat(one("select sum(version) from record")).isEqualTo(before);
    assertThat(text("select string_agg(xmin::text, ',' order by external_id) from record"))
        .isEqualTo(stamps);
    assertThat(messages).isEmpty();
    assertThat(lastRun("mode, unchanged, added + updated + deleted")).isEqualTo("(full,5,0)");
  }

  @Test
  void a_changed_record_is_one_update_and_a_missing_one_is_deleted_after_a_complete_full_read() {
    seed(5);
    run();
    messages.clear();
    provider.put("3", "changed");
    provider.truth.remove("2");

    run();

    assertThat(announced()).containsExactly("Ticket +0 ~1 -1");
    assertThat(live()).containsOnlyKeys("1", "3", "4", "5");
  }

  @Test
  void modified_after_is_not_later_than_any_change_it_announces() {
    seed(3);

    run();

    assertThat(
            one(
                "select count(*) from record where last_modified_at < timestamptz '"
                    + messages.getFirst().path("modifiedAfter").asText()
                    + "'"))
        .isZero();
  }

  @Test
  void a_transient_fault_keeps_the_run_open_and_announces_what_is_committed() {
    seed(5);
    provider.failures.put(2, ScriptedStreams.transientFault());

    run();

    assertThat(announced()).containsExactly("Ticket +2 ~0 -0");
    assertThat(one("select count(*) from sync where run is not null and failures = 1"))
        .isEqualTo(1);
    dueNow();
    run();
    assertThat(live()).hasSize(5);
    assertThat(announced()).containsExactly("Ticket +2 ~0 -0", "Ticket +3 ~0 -0");
    assertThat(one("select count(*) from sync_run")).isEqualTo(1);
    assertThat(provider.requests.getLast()).isEqualTo("page after '4'");
  }

  @Test
  void a_fault_that_does_not_go_away_ends_the_run_after_the_last_retry() {
    seed(1);
    for (int i = 0; i < 4; i++) {
      provider.failures.put(provider.requests.size() + 1, ScriptedStreams.transientFault());
      dueNow();
      run();
    }

    assertThat(lastRun("phase, outcome, error_code, error_class"))
        .isEqualTo("(ended,failed,timeout,transient)");
    assertThat(messages.getLast().path("success").asBoolean(true)).isFalse();
  }

  @Test
  void a_failed_run_announces_its_committed_pages_and_tells_of_the_failure_once() {
    seed(5);
    StreamException broken =
        new StreamException("invalid_json", ErrorClass.PROVIDER, "not JSON at byte 7");
    provider.failures.put(2, broken);

    run();
    provider.failures.put(provider.requests.size() + 1, broken);
    dueNow();
    run();

    assertThat(announced()).containsExactly("Ticket +2 ~0 -0");
    assertThat(messages.stream().filter(m -> !m.path("success").asBoolean())).hasSize(1);
    assertThat(lastRun("outcome, error_code")).isEqualTo("(failed,invalid_json)");
  }

  @Test
  void a_page_whose_route_fails_leaves_no_trace() {
    seed(4);
    route =
        (c, records, page) -> {
          page.save("Ticket", records.valueStream().toList());
          return records.get(0).path("id").asText().equals("3")
              ? Optional.of(new IllegalStateException("filter went wrong"))
              : Optional.empty();
        };

    run();

    assertThat(live()).containsOnlyKeys("1", "2");
    assertThat(lastRun("outcome, error_code, pages")).isEqualTo("(failed,route_failed,1)");
  }

  @Test
  void an_owner_that_lost_its_lease_writes_nothing_and_the_next_one_goes_on_at_its_page() {
    seed(6);
    provider.beforePage =
        request -> {
          if (request == 2) {
            rows.expire(sync);
          }
        };

    run();

    long committed = one("select pages from sync_run");
    assertThat(live()).hasSize((int) committed * 2);
    assertThat(messages).isEmpty();
    provider.beforePage = request -> {};
    engine = engine("node-2");
    dueNow();
    run();
    assertThat(live()).hasSize(6);
    assertThat(announced()).containsExactly("Ticket +6 ~0 -0");
    assertThat(one("select max(version) - 6 from record")).isZero();
    assertThat(one("select takeovers from sync_run")).isEqualTo(1);
  }

  @Test
  void an_empty_read_of_a_full_collection_deletes_nothing() {
    seed(5);
    run();
    messages.clear();
    provider.truth.clear();

    run();

    assertThat(live()).hasSize(5);
    assertThat(messages).isEmpty();
    assertThat(text("select warning from sync_run order by id desc limit 1"))
        .startsWith("deletions_held: the read was empty");
  }

  @Test
  void more_missing_rows_than_the_ratio_are_held() {
    seed(10);
    run();
    for (int i = 0; i < 6; i++) {
      provider.truth.remove("" + i);
    }

    run();

    assertThat(live()).hasSize(10);
    assertThat(one("select held from sync_run order by id desc limit 1")).isEqualTo(6);
  }

  @Test
  void a_drifting_chain_deletes_only_what_two_complete_reads_in_a_row_miss() {
    seed(9);
    provider.facts = new Facts(Deletes.FULL_DIFF, true, false, 0, 0, 0.5);
    run();
    provider.hidden = Set.of("4", "5");
    run();
    assertThat(live()).hasSize(9);
    provider.hidden = Set.of("5", "6");

    run();

    assertThat(live()).hasSize(8).doesNotContainKey("5");
  }

  @Test
  void where_the_provider_can_be_asked_only_what_it_confirms_is_deleted() {
    seed(9);
    provider.facts = new Facts(Deletes.VERIFY, true, false, 0, 0, 0.5);
    run();
    provider.hidden = Set.of("4", "5");
    provider.goneForGood.add("5");

    run();

    assertThat(live()).hasSize(8).doesNotContainKey("5");
  }

  @Test
  void a_row_that_changed_since_the_full_read_began_is_never_taken_for_missing() {
    seed(4);
    run();
    provider.hidden = Set.of("4");
    provider.beforePage =
        request -> {
          if (provider.hidden.contains("4") && request > 4) {
            saveAsWebhook("4", "changed elsewhere");
          }
        };

    run();

    assertThat(live()).containsKey("4");
  }

  @Test
  void a_paused_sync_ends_its_run_at_the_next_page_and_announces() throws Exception {
    seed(6);
    CountDownLatch paused = new CountDownLatch(1);
    provider.beforePage =
        request -> {
          if (request == 2) {
            control().pause(List.of(connection), List.of());
            paused.countDown();
          }
        };

    run();

    assertThat(paused.await(1, TimeUnit.SECONDS)).isTrue();
    assertThat(lastRun("outcome")).isEqualTo("(cancelled)");
    assertThat(announced()).hasSize(1);
    assertThat(control().status(List.of(connection), List.of()).getFirst().status())
        .isEqualTo(SyncControl.State.PAUSED);
  }

  @Test
  void a_trigger_during_a_run_is_followed_by_another_run() {
    seed(2);
    provider.beforePage =
        request -> control().trigger(List.of(connection), List.of(), SyncControl.Mode.INCREMENTAL);
    engine.tick();
    settle();
    provider.beforePage = request -> {};

    assertThat(engine.tick()).isEqualTo(1);
    settle();
    assertThat(one("select count(*) from sync_run where outcome = 'success'")).isEqualTo(2);
  }

  @Test
  void an_engine_that_is_closed_between_pages_leaves_the_run_open_for_the_next_start()
      throws Exception {
    seed(8);
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    provider.beforePage =
        request -> {
          if (request == 2) {
            reached.countDown();
            hold(closing);
          }
        };
    engine.tick();
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

    Thread stop = Thread.ofVirtual().start(engine::close);
    await().atMost(Duration.ofSeconds(5)).until(() -> engine.tick() == 0);
    closing.countDown();
    stop.join();

    assertThat(one("select count(*) from sync_run where phase = 'ended'")).isZero();
    assertThat(one("select count(*) from sync where lease_until > clock_timestamp()")).isZero();
    provider.beforePage = request -> {};
    engine = engine("node-1");
    run();
    assertThat(live()).hasSize(8);
    assertThat(announced()).containsExactly("Ticket +8 ~0 -0");
  }

  private static void hold(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void status_tells_counts_and_the_next_run() {
    seed(3);
    run();

    SyncControl.Status status = control().status(List.of(connection), List.of()).getFirst();

    assertThat(status.status()).isEqualTo(SyncControl.State.SUCCESS);
    assertThat(status.frequency()).isEqualTo("every 1h");
    assertThat(status.latestResult()).containsEntry("Ticket", new SyncControl.Result(3, 0, 0));
    assertThat(status.recordCount()).containsEntry("Ticket", 3L);
    assertThat(status.nextScheduledSyncAt()).isAfter(InstantSource.system().instant());
  }

  private void seed(int count) {
    for (int i = 1; i <= count; i++) {
      provider.put("" + (i % 10), "Ticket " + i);
    }
  }

  /** One tick, and everything it started. */
  private void run() {
    dueNow();
    engine.tick();
    settle();
  }

  private void settle() {
    await().atMost(Duration.ofSeconds(20)).until(() -> engine.idle());
  }

  private void dueNow() {
    database.useTransaction(h -> h.execute("update sync set due_at = clock_timestamp()"));
  }

  private SyncEngine engine(String node) {
    SyncEngine made =
        SyncEngine.create(
            new SyncWiring(
                new RunSettings(node, 4, Duration.ofSeconds(20), Duration.ofSeconds(5), 1 << 20, 3),
                database,
                registry,
                provider,
                new RecordWriter(database, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF),
                new Announcements(),
                outbox(),
                (handle, c, variant, stream) -> false,
                id -> Optional.of(connection),
                name -> "fingerprint",
                (desk, name, outcome, took) -> {},
                4,
                InstantSource.system()));
    engines.add(made);
    return made;
  }

  private Outbox outbox() {
    return new Outbox() {
      @Override
      public Optional<String> write(Handle transaction, OutgoingMessage message) {
        messages.add(message.body());
        return Optional.of("msg");
      }

      @Override
      public void wake() {}
    };
  }

  private SyncControl control() {
    return new SyncControl(
        database, registry, (id, variant) -> Map.of("Ticket", (long) live().size()));
  }

  private void saveAsWebhook(String id, String title) {
    new RecordWriter(database, Models.unifiedOnly(), ModelPolicies.NONE, Sealing.OFF)
        .save(
            new RecordWriter.Write(
                connection.id(),
                "base",
                null,
                "",
                RecordWriter.Writer.WEBHOOK,
                java.time.OffsetDateTime.now(),
                0,
                List.of(
                    new RecordWriter.Batch.Save(
                        "Ticket", List.of(Json.object().put("id", id).put("title", title))))));
  }

  private List<String> announced() {
    return messages.stream()
        .filter(m -> m.path("success").asBoolean())
        .map(m ->
            "%s +%s ~%s -%s"
                .formatted(
                    m.path("model").asText(),
                    m.at("/responseResults/added"),
                    m.at("/responseResults/updated"),
                    m.at("/responseResults/deleted")))
        .toList();
  }

  private Map<String, String> live() {
    return database.read(h ->
        h.createQuery(
                "select external_id, data->>'title' as title from record where deleted_at is null")
            .reduceRows(
                new TreeMap<String, String>(),
                (map, row) -> {
                  map.put(
                      row.getColumn("external_id", String.class),
                      row.getColumn("title", String.class));
                  return map;
                }));
  }

  private String lastRun(String columns) {
    return text("select row(" + columns + ")::text from sync_run order by id desc limit 1");
  }

  private long one(String sql) {
    return database.read(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private String text(String sql) {
    return database.read(h -> h.createQuery(sql).mapTo(String.class).findOne().orElse(""));
  }
}

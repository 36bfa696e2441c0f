package dev.serai.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.TestDatabase;
import dev.serai.sync.ListedProvider.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a full read may and may not take for deleted, over HTTP and the real engine. A false
 * deletion would be a version of the collection that no change explains, so the version is what is
 * looked at: also a row that was deleted and came back would show.
 */
class DeletionProofTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;
  private ListedProvider provider;
  private SyncWorld world;

  private void open(int rows, int page, String... streams) {
    provider = new ListedProvider(folder, rows, page);
    world = new SyncWorld(postgres, provider.streams);
    for (String stream : streams) {
      world.sync(stream, "Ticket");
    }
    world.start(postgres.database());
  }

  @AfterEach
  void close() {
    world.close();
    provider.close();
  }

  /**
   * What a provider does to the pages of a list, by name; the ceiling stands at 1,000 or 10,000.
   */
  private static Map<String, Fault> faults(int ceiling, int pages) {
    Map<String, Fault> faults = new LinkedHashMap<>();
    faults.put(
        "another hidden page in each read",
        (at, right) -> at.page() == 3 * at.read() ? at.items(true) : right);
    faults.put(
        "a ceiling of %,d records".formatted(ceiling),
        (at, right) -> at.from() >= ceiling ? at.items(false) : at.last(right, ceiling));
    boolean[] answered = new boolean[1];
    faults.put(
        "a page that answers 500 once",
        (at, right) -> {
          boolean fails = at.page() == pages / 2 && !answered[0];
          answered[0] |= fails;
          return fails ? Answer.status(500) : right;
        });
    faults.put(
        "a page that answers 500 for good",
        (at, right) -> at.page() == pages / 2 ? Answer.status(500) : right);
    faults.put(
        "an empty 200 without a body", (at, right) -> at.page() == 2 ? Answer.status(200) : right);
    faults.put("an empty 200 instead of the list", (at, right) -> at.items(false));
    faults.put(
        "an empty 200 that ends one read",
        (at, right) -> at.read() == 1 && at.page() == pages - 2 ? at.items(false) : right);
    faults.put(
        "a cursor that restarts at the beginning",
        (at, right) -> at.page() == pages - 3 ? at.pageFrom(0) : right);
    faults.put(
        "a cursor that restarts at another row",
        (at, right) -> at.read() == 1 && at.page() == pages - 3 ? at.pageFrom(7) : right);
    return faults;
  }

  @ParameterizedTest
  @ValueSource(strings = {"chain", "numbered", "asked"})
  @Timeout(120)
  void what_a_provider_fails_to_list_is_not_deleted_and_what_is_gone_is(String stream) {
    prove(stream, 1_200, 100, 1_000);
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"chain", "numbered", "asked"})
  @Timeout(600)
  void nor_of_twelve_thousand_records(String stream) {
    prove(stream, 12_000, 500, 10_000);
  }

  private void prove(String stream, int rows, int page, int ceiling) {
    open(rows, page, stream);
    world.run(stream);
    assertThat(world.live("Ticket")).hasSize(rows);
    faults(ceiling, rows / page)
        .forEach((name, fault) -> {
          provider.suffer(fault);
          for (int read = 0; read < 2; read++) {
            readToTheEnd(stream);
          }
          String under = world.lastRun(stream, "outcome, error_code, held");
          provider.suffer(Fault.NONE);
          readToTheEnd(stream);
          assertThat(version()).as("%s, %s", stream, name).isEqualTo(rows);
          System.out.printf(
              "deletion proof, %s of %,d: %s: 0 false deletes (last such run %s)%n",
              stream, rows, name, under);
        });
    for (int percent : List.of(1, 5, 10, 30)) {
      deleteAndComeBack(stream, rows, percent);
    }
  }

  private void deleteAndComeBack(String stream, int rows, int percent) {
    Map<String, String> everything = Map.copyOf(provider.truth);
    List<String> ids = new ArrayList<>(provider.truth.keySet());
    Collections.shuffle(ids, new Random(percent));
    ids.subList(0, rows * percent / 100).forEach(provider.truth::remove);
    int reads = 0;
    while (world.live("Ticket").size() > provider.truth.size() && reads < 3) {
      readToTheEnd(stream);
      reads++;
    }
    assertThat(world.live("Ticket")).isEqualTo(provider.truth);
    System.out.printf(
        "deletion proof, %s of %,d: %d %% gone: %,d of %,d found after %d full reads, 0 false%n",
        stream, rows, percent, rows * percent / 100, rows * percent / 100, reads);
    provider.truth.putAll(everything);
    readToTheEnd(stream);
    assertThat(world.live("Ticket")).hasSize(rows);
  }

  /** One run, with as many tries as it wants. */
  private void readToTheEnd(String stream) {
    do {
      world.run(stream);
    } while (world.number("select count(*) from sync where run is not null") > 0);
  }

  private long version() {
    return world.number("select version from collection where model = 'Ticket'");
  }

  @Test
  @Timeout(120)
  void a_list_that_drifts_while_it_is_read_by_numbers_loses_no_row_that_is_there() {
    open(1_200, 100, "numbered");
    readToTheEnd("numbered");
    Random random = new Random(5);
    List<String> ids = new ArrayList<>(provider.truth.keySet());
    // Every page a few rows go for good, so that those behind them move up over its edge unread.
    provider.afterPage(() -> {
      for (int i = 0; i < 3; i++) {
        provider.truth.remove(ids.get(random.nextInt(ids.size())));
      }
    });
    readToTheEnd("numbered");
    readToTheEnd("numbered");
    provider.afterPage(() -> {});
    Set<String> there = Set.copyOf(provider.truth.keySet());
    long missedOnce = world.number("select count(*) from deletion_candidate");
    Set<String> deleted = Set.copyOf(deletedIds());

    readToTheEnd("numbered");
    readToTheEnd("numbered");

    assertThat(deleted).doesNotContainAnyElementsOf(there);
    assertThat(world.live("Ticket")).isEqualTo(provider.truth);
    assertThat(deletedIds()).hasSize(1_200 - there.size()).doesNotContainAnyElementsOf(there);
    System.out.printf(
        "deletion proof: numbered pages while rows go: %d nominated meanwhile, %d gone and found, 0 false deletes%n",
        missedOnce, 1_200 - there.size());
  }

  private List<String> deletedIds() {
    return postgres
        .database()
        .read(h ->
            h.createQuery("select external_id from record where deleted_at is not null")
                .mapTo(String.class)
                .list());
  }

  @Test
  @Timeout(120)
  void two_streams_that_fill_one_model_delete_only_what_is_their_own() {
    open(1_200, 100, "chain", "asked");
    provider.shows("chain", ids -> ids.subList(0, Math.min(800, ids.size())));
    provider.shows("asked", ids -> ids.subList(Math.min(400, ids.size()), ids.size()));
    for (int i = 0; i < 3; i++) {
      readToTheEnd("chain");
      readToTheEnd("asked");
    }
    assertThat(version()).as("nobody took the other's rows for missing").isEqualTo(1_200);

    provider.truth.keySet().removeAll(List.of("000100", "000600", "001100"));
    readToTheEnd("chain");
    readToTheEnd("asked");
    readToTheEnd("chain");

    assertThat(world.live("Ticket")).isEqualTo(provider.truth);
    System.out.println(
        "deletion proof: two streams of one model that overlap by a third: 0 false deletes, 3 of 3 found");
  }

  @Test
  @Timeout(120)
  void a_row_that_changed_hands_must_be_missed_twice_by_its_new_stream() {
    open(300, 100, "numbered", "second");
    readToTheEnd("numbered");
    provider.shows("numbered", ids -> without(ids, "000042"));
    readToTheEnd("numbered");
    assertThat(world.number("select misses from deletion_candidate")).isEqualTo(1);
    readToTheEnd("second");
    provider.shows("second", ids -> without(ids, "000042"));

    readToTheEnd("second");

    assertThat(world.live("Ticket")).containsKey("000042");
    readToTheEnd("second");
    assertThat(world.live("Ticket")).doesNotContainKey("000042");
  }

  private static List<String> without(List<String> ids, String id) {
    ids.remove(id);
    return ids;
  }

  @Test
  @Timeout(120)
  void a_read_that_another_node_resumes_deletes_only_what_is_gone() {
    open(1_200, 100, "chain");
    readToTheEnd("chain");
    provider.truth.keySet().removeAll(List.of("000100", "000600", "001100"));
    provider.suffer((at, right) -> {
      if (at.page() == 7) {
        world.execute("update sync set lease_until = clock_timestamp() - interval '1 second'");
      }
      return right;
    });
    world.run("chain");
    assertThat(world.number("select count(*) from sync where run is not null")).isEqualTo(1);
    assertThat(version()).isEqualTo(1_200);
    provider.suffer(Fault.NONE);

    world.start(postgres.database());
    readToTheEnd("chain");

    assertThat(world.number("select takeovers from sync_run order by id desc limit 1"))
        .isPositive();
    assertThat(world.live("Ticket")).isEqualTo(provider.truth);
    assertThat(version()).isEqualTo(1_203);
    System.out.println(
        "deletion proof: a read resumed by another node in the middle: 0 false deletes, 3 of 3 found");
  }

  @Test
  @Timeout(120)
  void quarantined_and_filtered_ids_were_seen() {
    open(1_200, 100, "chain");
    readToTheEnd("chain");
    for (int i = 0; i < 60; i++) {
      provider.truth.put("%06d".formatted(i * 20), i % 2 == 0 ? "filtered" : "\u0000");
    }

    readToTheEnd("chain");
    readToTheEnd("chain");

    assertThat(version()).isEqualTo(1_200);
    assertThat(world.number("select count(*) from quarantine")).isEqualTo(30);
    System.out.println(
        "deletion proof: 30 quarantined and 30 filtered ids in two full reads: 0 false deletes");
  }

  @Test
  @Timeout(120)
  void records_that_a_route_leaves_out_were_seen() {
    provider = new ListedProvider(folder, 300, 100);
    world = new SyncWorld(postgres, provider.streams);
    boolean[] leaveOut = new boolean[1];
    world.sync(
        "asked",
        Set.of("Ticket"),
        (connection, records, page) -> {
          page.save(
              "Ticket",
              records
                  .valueStream()
                  .filter(r -> !leaveOut[0] || !r.path("id").asText().endsWith("7"))
                  .toList());
          return Optional.empty();
        });
    world.start(postgres.database());
    readToTheEnd("asked");
    leaveOut[0] = true;

    readToTheEnd("asked");

    assertThat(version()).isEqualTo(300);
  }
}

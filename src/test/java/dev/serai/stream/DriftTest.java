package dev.serai.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.support.ScriptedList;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that move while they are paged by number. */
class DriftTest {
  private static final String STREAM =
      """
      request: {path: /list}
      records: {path: .items}
      pagination: {%s, size: 10, size_into: {query: limit}}
      incremental: {cursor_field: .updated, start_into: {query: since}, order: asc}
      deletes: full_diff
      """;
  private static final String OFFSET = "type: offset, into: {query: offset}";
  private static final String PAGE = "type: page, into: {query: page}";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {OFFSET, PAGE})
  void rows_edited_inserted_and_deleted_between_pages_lose_no_row(String kind) {
    for (int seed = 1; seed <= 25; seed++) {
      try (StreamBench bench = new StreamBench(folder, STREAM.formatted(kind))) {
        Random random = new Random(seed);
        ScriptedList list = ScriptedList.of(200);
        Set<Integer> deleted = new HashSet<>();
        int[] clock = {1000};
        bench.provider.answering(request -> {
          var answer = list.answer(request);
          if (clock[0] < 1300) {
            move(random, list, deleted, clock);
          }
          return answer;
        });

        List<StreamPage> full = bench.all(true, null);
        clock[0] = 9999; // the list rests; what moved behind the last answer is the next run's
        List<StreamPage> next = bench.all(false, StreamBench.checkpoint(full));

        Map<Integer, String> seen = latest(full);
        assertThat(seen.keySet()).as("seed %d", seed).containsAll(livedThroughout(list));
        seen.putAll(latest(next));
        assertThat(seen).as("seed %d", seed).containsAllEntriesOf(truth(list));
      }
    }
  }

  /** The control: without re-anchoring the same list does lose rows, so the test above can fail. */
  @Test
  void without_reanchor_such_a_list_loses_rows_and_says_that_it_drifts() {
    int lost = 0;
    for (int seed = 1; seed <= 25; seed++) {
      try (StreamBench bench =
          new StreamBench(folder, STREAM.formatted(OFFSET + ", reanchor: false"))) {
        Random random = new Random(seed);
        ScriptedList list = ScriptedList.of(200);
        Set<Integer> deleted = new HashSet<>();
        int[] clock = {1000};
        bench.provider.answering(request -> {
          var answer = list.answer(request);
          if (clock[0] < 1300) {
            move(random, list, deleted, clock);
          }
          return answer;
        });

        Map<Integer, String> seen = latest(bench.all(true, null));
        lost += truth(list).keySet().stream().anyMatch(id -> !seen.containsKey(id)) ? 1 : 0;
        assertThat(bench.streams.facts("fake", "items").drifting()).isTrue();
      }
    }
    assertThat(lost).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {OFFSET, PAGE})
  void many_rows_of_one_instant_are_all_read(String kind) {
    try (StreamBench bench = new StreamBench(folder, STREAM.formatted(kind))) {
      Instant same = Instant.parse("2024-02-01T00:00:00Z");
      ScriptedList list = ScriptedList.of(15);
      for (int id = 100; id < 157; id++) {
        list.put(id, same);
      }
      list.put(500, same.plusSeconds(1));
      bench.provider.answering(list::answer);

      List<StreamPage> pages = bench.all(true, null);

      assertThat(latest(pages)).isEqualTo(truth(list));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OFFSET, PAGE})
  void a_filter_that_is_wider_than_its_value_costs_rows_twice_and_loses_none(String kind) {
    for (int slack : new int[] {1, 3, 9, 30}) {
      try (StreamBench bench = new StreamBench(folder, STREAM.formatted(kind))) {
        ScriptedList list = ScriptedList.of(97).filteringWidely(slack);
        bench.provider.answering(list::answer);

        List<StreamPage> pages = bench.all(true, null);

        assertThat(latest(pages)).isEqualTo(truth(list));
        assertThat(bench.streams.facts("fake", "items").drifting()).isFalse();
        assertThat(StreamBench.checkpoint(pages).path("cursor").asText())
            .isEqualTo("2024-01-01T00:01:37Z");
      }
    }
  }

  @Test
  void rows_that_leave_their_instant_while_it_is_paged_shift_nothing() {
    for (int seed = 1; seed <= 25; seed++) {
      try (StreamBench bench = new StreamBench(folder, STREAM.formatted(OFFSET))) {
        Instant same = Instant.parse("2024-02-01T00:00:00Z");
        ScriptedList list = new ScriptedList();
        for (int id = 1; id <= 80; id++) {
          list.put(id, same);
        }
        Random random = new Random(seed);
        int[] edits = {0};
        bench.provider.answering(request -> {
          var answer = list.answer(request);
          if (edits[0]++ < 12) {
            list.put(1 + random.nextInt(80), same.plusSeconds(10 + edits[0]));
          }
          return answer;
        });

        assertThat(latest(bench.all(true, null))).as("seed %d", seed).isEqualTo(truth(list));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OFFSET, PAGE})
  void a_reanchored_read_resumes_at_every_position(String kind) {
    try (StreamBench bench = new StreamBench(folder, STREAM.formatted(kind))) {
      ScriptedList list = ScriptedList.of(47);
      bench.provider.answering(list::answer);
      List<StreamPage> whole = bench.all(true, null);

      for (int i = 0; i < whole.size() - 1; i++) {
        Set<Integer> ids = new HashSet<>(StreamBench.ids(whole.subList(0, i + 1)));
        JsonNode position = whole.get(i).position();
        ids.addAll(StreamBench.ids(StreamBench.rest(bench.open(true, null, position))));
        assertThat(ids).hasSize(47);
      }
    }
  }

  private static void move(Random random, ScriptedList list, Set<Integer> deleted, int[] clock) {
    for (int i = 0; i < 3; i++) {
      int id = 1 + random.nextInt(200);
      Instant now = Instant.parse("2024-01-01T00:00:00Z").plusSeconds(clock[0]++);
      switch (random.nextInt(3)) {
        case 0 -> {
          list.remove(id);
          deleted.add(id);
        }
        case 1 -> list.put(1000 + clock[0], now);
        default -> {
          if (!deleted.contains(id)) {
            list.put(id, now);
          }
        }
      }
    }
  }

  private static Map<Integer, String> latest(List<StreamPage> pages) {
    Map<Integer, String> latest = new HashMap<>();
    pages.forEach(page ->
        page.records().forEach(r -> latest.put(r.get("id").intValue(), r.get("updated").asText())));
    return latest;
  }

  /** The ids a full read must have seen, whatever moved: those that were there all the time. */
  private static Set<Integer> livedThroughout(ScriptedList list) {
    Set<Integer> ids = new HashSet<>(truth(list).keySet());
    ids.removeIf(id -> id > 200);
    return ids;
  }

  private static Map<Integer, String> truth(ScriptedList list) {
    Map<Integer, String> truth = new HashMap<>();
    list.rows().forEach(row -> truth.put(row.id(), row.updated().toString()));
    return truth;
  }
}

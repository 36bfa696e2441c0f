package dev.serai.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.ScriptedList;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncrementalTest {
  private static final String STREAM =
      """
      request: {path: /list}
      records: {path: .items}
      pagination: {type: cursor, path: .next, into: {query: cursor}, size: 10, size_into: {query: limit}}
      incremental: {cursor_field: .updated, %s}
      """;
  private static final String ASC = "start_into: {query: since}, order: asc";

  @TempDir Path folder;

  @Test
  void the_checkpoint_moves_with_each_page_while_rows_ascend() {
    try (StreamBench bench = bench(ASC)) {
      bench.provider.answering(ScriptedList.of(25)::answer);

      assertThat(StreamBench.cursors(bench.all(true, null)))
          .containsExactly("2024-01-01T00:00:10Z", "2024-01-01T00:00:20Z", "2024-01-01T00:00:25Z");
    }
  }

  @Test
  void without_a_declared_order_the_checkpoint_moves_at_the_end_only() {
    try (StreamBench bench = bench("start_into: {query: since}")) {
      bench.provider.answering(ScriptedList.of(25)::answer);

      assertThat(StreamBench.cursors(bench.all(true, null)))
          .containsExactly("-", "-", "2024-01-01T00:00:25Z");
    }
  }

  @Test
  void a_row_out_of_order_takes_the_early_checkpoint_back_and_the_run_goes_on() {
    try (StreamBench bench = bench(ASC)) {
      bench.provider.answering(r ->
          switch (r.query().getOrDefault("cursor", "")) {
            case "" -> page("b", "05", "06");
            case "b" -> page("c", "09", "02");
            default -> page(null, "07", "08");
          });

      List<StreamPage> pages = bench.all(false, checkpoint("2024-01-01T00:00:01Z"));

      assertThat(StreamBench.cursors(pages))
          .containsExactly("2024-01-01T00:00:06Z", "2024-01-01T00:00:01Z", "2024-01-01T00:00:09Z");
      assertThat(StreamBench.ids(pages)).containsExactly(5, 6, 9, 2, 7, 8);
    }
  }

  @Test
  void a_reanchored_list_that_is_not_in_order_is_read_again_by_plain_numbers() {
    String stream =
        """
        request: {path: /list}
        records: {path: .items}
        pagination: {type: offset, into: {query: offset}, size: 3, size_into: {query: limit}}
        incremental: {cursor_field: .updated, start_into: {query: since}, order: asc}
        """;
    try (StreamBench bench = new StreamBench(folder, stream)) {
      List<String> unsorted = List.of("01", "02", "09", "03", "04", "05", "08");
      bench.provider.answering(r -> {
        List<String> found =
            unsorted.stream()
                .filter(s ->
                    ("2024-01-01T00:00:" + s + "Z").compareTo(r.query().getOrDefault("since", ""))
                        >= 0)
                .toList();
        int from = Math.min(r.number("offset", 0), found.size());
        return page(
            null, found.subList(from, Math.min(from + 3, found.size())).toArray(new String[0]));
      });

      List<StreamPage> pages = bench.all(true, null);

      assertThat(StreamBench.ids(pages))
          .contains(1, 2, 3, 4, 5, 8, 9); // the 9 ends a page that looks sorted
      assertThat(StreamBench.checkpoint(pages).path("cursor").asText())
          .isEqualTo("2024-01-01T00:00:09Z");
    }
  }

  @Test
  void the_next_run_starts_one_overlap_before_the_checkpoint() {
    try (StreamBench bench = bench(ASC + ", overlap: 5s")) {
      bench.provider.answering(ScriptedList.of(25)::answer);

      List<StreamPage> pages = bench.all(false, checkpoint("2024-01-01T00:00:20Z"));

      assertThat(bench.provider.requests().getFirst().query())
          .containsEntry("since", "2024-01-01T00:00:15Z");
      assertThat(StreamBench.ids(pages)).first().isEqualTo(15);
    }
  }

  @Test
  void a_full_read_ignores_the_checkpoint_and_never_takes_it_back() {
    try (StreamBench bench = bench(ASC)) {
      bench.provider.answering(ScriptedList.of(25)::answer);

      List<StreamPage> pages = bench.all(true, checkpoint("2024-01-01T00:00:20Z"));

      assertThat(StreamBench.ids(pages)).hasSize(25);
      assertThat(bench.provider.requests().getFirst().query()).doesNotContainKey("since");
      assertThat(StreamBench.cursors(pages)).containsExactly("-", "-", "2024-01-01T00:00:25Z");
    }
  }

  @Test
  void a_row_from_the_future_or_still_settling_does_not_pull_the_checkpoint_past_now() {
    try (StreamBench bench = bench(ASC + ", settle: 1m")) {
      bench.provider.answering(
          new ScriptedList()
                  .put(1, Instant.parse("2024-01-01T00:00:00Z"))
                  .put(2, Instant.parse("2099-01-01T00:00:00Z"))
              ::answer);

      assertThat(StreamBench.checkpoint(bench.all(false, null)).path("cursor").asText())
          .isEqualTo(StreamBench.NOW.minusSeconds(60).toString());
    }
  }

  @Test
  void the_first_run_starts_at_start_and_templates_wrap_the_value() {
    try (StreamBench bench =
        bench("start: 2024-01-01, start_into: {query: q, template: \">=${value}\"}, order: asc")) {
      bench.provider.answering(ScriptedList.of(5)::answer);

      bench.all(true, null);

      assertThat(bench.provider.requests().getFirst().query())
          .containsEntry("q", ">=2024-01-01T00:00:00Z");
    }
  }

  @Test
  void what_the_api_cannot_filter_is_seen_but_not_handed_on() {
    try (StreamBench bench = bench("client_side: true")) {
      bench.provider.answering(ScriptedList.of(25)::answer);

      List<StreamPage> pages = bench.all(false, checkpoint("2024-01-01T00:00:20Z"));

      assertThat(StreamBench.ids(pages)).containsExactly(19, 20, 21, 22, 23, 24, 25);
      assertThat(pages.stream().mapToInt(p -> p.seenIds().size()).sum()).isEqualTo(25);
    }
  }

  @Test
  void a_descending_list_filtered_by_us_ends_where_the_old_rows_begin() {
    try (StreamBench bench = bench("client_side: true, order: desc")) {
      bench.provider.answering(r ->
          switch (r.query().getOrDefault("cursor", "")) {
            case "" -> page("b", "30", "29");
            case "b" -> page("c", "21", "11");
            default -> page(null, "10", "09");
          });

      List<StreamPage> pages = bench.all(false, checkpoint("2024-01-01T00:00:20Z"));

      assertThat(StreamBench.ids(pages)).containsExactly(30, 29, 21);
      assertThat(bench.provider.requests()).hasSize(2);
      assertThat(StreamBench.checkpoint(pages).path("cursor").asText()).endsWith(":30Z");
    }
  }

  @Test
  void numbers_are_cursors_too_and_stay_exact() {
    String stream =
        """
        request: {method: POST, path: /list, body: {}}
        records: {path: .items}
        incremental:
          cursor_field: .seq
          cursor_type: number
          start_into: {body: filter.min}
          order: asc
        """;
    try (StreamBench bench = new StreamBench(folder, stream)) {
      bench.provider.answering(
          r -> Answer.json("{\"items\":[{\"id\":1,\"seq\":9007199254740993}]}"));

      List<StreamPage> pages = bench.all(false, Json.object().put("cursor", "9007199254740992"));

      assertThat(bench.provider.requests().getFirst().body())
          .isEqualTo("{\"filter\":{\"min\":9007199254740992}}");
      assertThat(StreamBench.cursors(pages)).containsExactly("9007199254740993");
    }
  }

  @Test
  void a_record_without_cursor_fails_is_included_or_is_skipped_as_declared() {
    String noCursor = "{\"items\":[{\"id\":1},{\"id\":2,\"updated\":\"2024-01-01T00:00:00Z\"}]}";
    try (StreamBench bench = bench(ASC)) {
      bench.provider.answering(r -> Answer.json(noCursor));
      assertThatThrownBy(() -> bench.all(true, null)).hasMessageContaining("on_missing_cursor");
    }
    try (StreamBench bench = bench(ASC + ", on_missing_cursor: include")) {
      bench.provider.answering(r -> Answer.json(noCursor));
      assertThat(StreamBench.ids(bench.all(true, null))).containsExactly(1, 2);
    }
    try (StreamBench bench = bench(ASC + ", on_missing_cursor: skip")) {
      bench.provider.answering(r -> Answer.json(noCursor));
      List<StreamPage> pages = bench.all(true, null);
      assertThat(StreamBench.ids(pages)).containsExactly(2);
      assertThat(pages.getFirst().seenIds()).containsExactly("1", "2");
    }
  }

  @Test
  void filtered_rows_count_as_seen_and_marked_ones_as_deleted() {
    String stream =
        """
        request: {path: /list}
        records: {path: .items, filter: .kind != "draft"}
        primary_key: [space, id]
        deletes: {field: {path: .state, value: gone}}
        """;
    try (StreamBench bench = new StreamBench(folder, stream)) {
      bench.provider.answering(r ->
          Answer.json(
              """
              {"items":[{"id":1,"space":"a"},{"id":2,"space":"a","kind":"draft"},
                        {"id":3,"space":"b","state":"gone"}]}\
              """));

      StreamPage page = bench.all(true, null).getFirst();

      assertThat(StreamBench.ids(List.of(page))).containsExactly(1);
      assertThat(page.seenIds()).containsExactly("a:1", "a:2");
      assertThat(page.deletedIds()).containsExactly("b:3");
    }
  }

  private StreamBench bench(String incremental) {
    return new StreamBench(folder, STREAM.formatted(incremental));
  }

  private static JsonNode checkpoint(String cursor) {
    return Json.object().put("cursor", cursor);
  }

  /** Rows whose id is their second. */
  private static Answer page(String next, String... seconds) {
    var body = Json.object().put("next", next);
    var items = body.putArray("items");
    for (String s : seconds) {
      items
          .addObject()
          .put("id", Integer.parseInt(s))
          .put("updated", "2024-01-01T00:00:" + s + "Z");
    }
    return Answer.json(Json.write(body));
  }
}

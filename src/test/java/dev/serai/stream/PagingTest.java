package dev.serai.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.ScriptedList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PagingTest {
  private static final String LIST =
      """
      request: {path: /list}
      records: {path: .items}
      pagination: {%s, size: 10, size_into: {query: limit}, stop: {%s}}
      """;

  @TempDir Path folder;

  /** Each kind with each stop rule: how many requests 35 and 40 rows in tens need. */
  static Stream<Arguments> kinds() {
    String page = "type: page, into: {query: page}";
    String offset = "type: offset, into: {query: offset}";
    String bySize = "type: offset, into: {query: offset}, advance_by: page_size";
    String cursor = "type: cursor, path: .next, into: {query: cursor}";
    String header = "type: cursor, header: X-Next, into: {query: cursor}";
    String link = "type: link, path: .link";
    String linkHeader = "type: link, header: Link";
    String keyset = "type: keyset, field: .id, into: {query: after_id}";
    List<Arguments> table = new ArrayList<>();
    for (String numbered : List.of(page, offset, bySize)) {
      table.add(Arguments.of(numbered, "", 5, 5));
      table.add(Arguments.of(numbered, "total_path: .total", 4, 4));
      table.add(Arguments.of(numbered, "has_more_path: .more", 4, 4));
      table.add(Arguments.of(numbered, "on_short_page: true", 4, 5));
      table.add(Arguments.of(numbered, "when: .more == false", 4, 4));
      table.add(Arguments.of(numbered, "on_empty_page: true", 5, 5));
    }
    table.add(Arguments.of(keyset, "", 5, 5));
    table.add(Arguments.of(keyset, "has_more_path: .more", 4, 4));
    table.add(Arguments.of(keyset, "on_short_page: true", 4, 5));
    for (String pointing : List.of(cursor, header, link, linkHeader)) {
      table.add(Arguments.of(pointing, "", 4, 4));
      table.add(Arguments.of(pointing, "has_more_path: .more", 4, 4));
      table.add(Arguments.of(pointing, "on_short_page: true", 4, 4));
      table.add(Arguments.of(pointing, "when: .more == false", 4, 4));
    }
    return table.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void every_row_comes_once_in_order_with_the_expected_requests(
      String kind, String stop, int requestsFor35, int requestsFor40) {
    for (Map.Entry<Integer, Integer> size :
        Map.of(35, requestsFor35, 40, requestsFor40).entrySet()) {
      try (StreamBench bench = new StreamBench(folder, LIST.formatted(kind, stop))) {
        bench.provider.answering(ScriptedList.of(size.getKey())::answer);

        List<StreamPage> pages = bench.all(true, null);

        assertThat(StreamBench.ids(pages)).isEqualTo(oneTo(size.getKey()));
        assertThat(bench.provider.requests()).hasSize(size.getValue());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_read_resumes_at_every_position_without_losing_or_repeating(String kind, String stop) {
    try (StreamBench bench = new StreamBench(folder, LIST.formatted(kind, stop))) {
      bench.provider.answering(ScriptedList.of(35)::answer);
      List<StreamPage> whole = bench.all(true, null);

      for (int i = 0; i < whole.size() - 1; i++) {
        JsonNode position = whole.get(i).position();
        List<StreamPage> rest = StreamBench.rest(bench.open(true, null, position));
        List<Integer> ids = new ArrayList<>(StreamBench.ids(whole.subList(0, i + 1)));
        ids.addAll(StreamBench.ids(rest));
        assertThat(ids).isEqualTo(oneTo(35));
      }
    }
  }

  @Test
  void max_pages_ends_the_read_there() {
    try (StreamBench bench =
        new StreamBench(
            folder, LIST.formatted("type: page, into: {query: page}", "max_pages: 2"))) {
      bench.provider.answering(ScriptedList.of(35)::answer);

      assertThat(StreamBench.ids(bench.all(true, null))).isEqualTo(oneTo(20));
    }
  }

  @Test
  void values_go_into_the_body_with_their_types_as_graphql_wants_them() {
    String stream =
        """
        request:
          method: POST
          path: /graphql
          body: {query: "query($after: String)", variables: {first: 0}}
        records: {path: .items}
        pagination:
          type: cursor
          path: .next
          into: {body: variables.after}
          size: 10
          size_into: {body: variables.first}
        """;
    try (StreamBench bench = new StreamBench(folder, stream)) {
      bench.provider.answering(ScriptedList.of(25)::answer);

      assertThat(StreamBench.ids(bench.all(true, null))).isEqualTo(oneTo(25));
      assertThat(bench.provider.requests())
          .extracting(r -> r.body().replaceFirst(".*variables\":", ""))
          .containsExactly(
              "{\"first\":10}}",
              "{\"first\":10,\"after\":\"t10\"}}",
              "{\"first\":10,\"after\":\"t20\"}}");
    }
  }

  @Test
  void a_graphql_error_on_a_200_is_no_empty_list() {
    String stream =
        """
        request: {method: POST, path: /graphql, body: {query: x}}
        records: {path: .data.items}
        on_error:
          - {when: {expr: .errors}, do: fail, class: config, message: The token lacks a scope}
        """;
    try (StreamBench bench = new StreamBench(folder, stream)) {
      bench.provider.answering(
          r -> Answer.json("{\"errors\":[{\"message\":\"no\"}],\"data\":null}"));

      assertFails(bench, "provider_error", StreamException.ErrorClass.CONFIG, "lacks a scope");
    }
  }

  @Test
  void an_empty_page_in_the_middle_does_not_end_a_list_that_says_more_follow() {
    for (String kind :
        List.of(
            "type: cursor, path: .next, into: {query: cursor}",
            "type: offset, into: {query: offset}",
            "type: page, into: {query: page}")) {
      String stop = kind.startsWith("type: cursor") ? "" : "total_path: .total";
      try (StreamBench bench = new StreamBench(folder, LIST.formatted(kind, stop))) {
        ScriptedList list = ScriptedList.of(30);
        bench.provider.answering(request ->
            request.number("page", 1) == 2
                    || request.number("offset", 0) == 10
                    || "t10".equals(request.query().get("cursor"))
                ? Answer.json("{\"items\":[],\"total\":30,\"next\":\"t20\"}")
                : list.answer(request));

        List<Integer> ids = StreamBench.ids(bench.all(true, null));

        assertThat(ids).as(kind).containsAll(IntStream.rangeClosed(21, 30).boxed().toList());
      }
    }
  }

  @Test
  void a_token_that_comes_again_fails_the_read() {
    try (StreamBench bench =
        new StreamBench(
            folder, LIST.formatted("type: cursor, path: .next, into: {query: cursor}", ""))) {
      int[] id = {0};
      bench.provider.answering(
          r -> Answer.json("{\"items\":[{\"id\":" + id[0]++ + "}],\"next\":\"same\"}"));

      assertFails(bench, "repeated_cursor", StreamException.ErrorClass.PROVIDER, "read already");
      assertThat(bench.provider.requests()).hasSize(2);
    }
  }

  @Test
  void a_long_circle_of_tokens_is_noticed_too() {
    try (StreamBench bench =
        new StreamBench(
            folder, LIST.formatted("type: cursor, path: .next, into: {query: cursor}", ""))) {
      int[] n = {0};
      bench.provider.answering(r ->
          Answer.json("{\"items\":[{\"id\":%d}],\"next\":\"t%d\"}".formatted(n[0], n[0]++ % 150)));

      assertFails(bench, "repeated_cursor", StreamException.ErrorClass.PROVIDER, "read already");
      assertThat(bench.provider.requests().size()).isLessThan(600);
    }
  }

  @Test
  void an_api_that_ignores_the_page_number_fails_the_read() {
    try (StreamBench bench =
        new StreamBench(folder, LIST.formatted("type: page, into: {query: ignored}", ""))) {
      bench.provider.answering(ScriptedList.of(35)::answer);

      assertFails(bench, "repeated_cursor", StreamException.ErrorClass.PROVIDER, "read already");
    }
  }

  @Test
  void endless_empty_pages_end_in_a_failure() {
    try (StreamBench bench =
        new StreamBench(
            folder, LIST.formatted("type: cursor, path: .next, into: {query: cursor}", ""))) {
      int[] n = {0};
      bench.provider.answering(r -> Answer.json("{\"items\":[],\"next\":\"t" + n[0]++ + "\"}"));

      assertFails(bench, "endless_pages", StreamException.ErrorClass.PROVIDER, "in a row");
    }
  }

  @Test
  void a_link_to_another_origin_is_not_followed() {
    try (StreamBench bench =
        new StreamBench(folder, LIST.formatted("type: link, path: .link", ""))) {
      bench.provider.answering(
          r -> Answer.json("{\"items\":[{\"id\":1}],\"link\":\"http://127.0.0.1:1/steal\"}"));

      assertFails(bench, "foreign_link", StreamException.ErrorClass.PROVIDER, "credentials belong");
    }
  }

  private static void assertFails(
      StreamBench bench, String code, StreamException.ErrorClass errorClass, String message) {
    assertThatThrownBy(() -> bench.all(true, null))
        .isInstanceOfSatisfying(
            StreamException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.errorClass()).isEqualTo(errorClass);
            })
        .hasMessageContaining(message);
  }

  private static List<Integer> oneTo(int n) {
    return IntStream.rangeClosed(1, n).boxed().toList();
  }
}

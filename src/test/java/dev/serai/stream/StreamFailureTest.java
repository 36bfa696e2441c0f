package dev.serai.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.stream.StreamException.ErrorClass;
import dev.serai.support.FakeProvider.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a provider sends or withholds, a read ends in a bounded, clear failure. */
class StreamFailureTest {
  private static final String LIST = "request: {path: /list}\nrecords: {path: .items}\n";

  @TempDir Path folder;

  @Test
  void ten_thousand_records_in_one_answer_are_cut_and_only_the_last_batch_moves_on() {
    try (StreamBench bench =
        new StreamBench(
            folder, LIST + "pagination: {type: page, into: {query: page}, stop: {max_pages: 1}}")) {
      String items =
          IntStream.rangeClosed(1, 10_000)
              .mapToObj(i -> "{\"id\":" + i + "}")
              .collect(Collectors.joining(","));
      bench.provider.answering(r -> Answer.json("{\"items\":[" + items + "]}"));

      List<StreamPage> pages = bench.all(true, null);

      assertThat(pages).hasSize(10).allMatch(p -> p.records().size() == 1000);
      assertThat(pages.getFirst().bytes()).isPositive();
      assertThat(pages.stream().skip(1)).allMatch(p -> p.bytes() == 0);
      assertThat(StreamBench.rest(bench.open(true, null, pages.get(8).position()))).hasSize(10);
    }
  }

  @Test
  void fifty_megabytes_are_over_the_limit_and_stop_there() {
    try (StreamBench bench = new StreamBench(folder, LIST)) {
      byte[] huge = new byte[50 << 20];
      bench.provider.answering(r -> new Answer(200, Map.of(), huge));

      assertFails(bench, "answer_too_large", ErrorClass.PROVIDER);
    }
  }

  @Test
  void a_provider_that_never_answers_ends_within_the_limit() {
    CountDownLatch end = new CountDownLatch(1);
    try (StreamBench bench =
        new StreamBench(folder, LIST, "limits: {first_byte: 200ms, whole: 400ms}")) {
      bench.provider.answering(r -> {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return Answer.json("{}");
      });

      assertFails(bench, "timeout", ErrorClass.TRANSIENT);
    } finally {
      end.countDown();
    }
  }

  @Test
  void invalid_json_is_placed_and_never_shown() {
    try (StreamBench bench = new StreamBench(folder, LIST)) {
      for (String body : List.of("{\"items\": [s3cret", "<html>s3cret</html>", "{} s3cret", "")) {
        bench.provider.answering(
            r -> new Answer(200, Map.of(), body.getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> bench.all(true, null))
            .isInstanceOfSatisfying(
                StreamException.class,
                e -> {
                  assertThat(e.code()).isEqualTo("invalid_json");
                  assertThat(e.errorClass()).isEqualTo(ErrorClass.PROVIDER);
                })
            .hasMessageContaining("is not JSON from byte")
            .hasMessageNotContaining("s3cret");
      }
    }
  }

  @Test
  void an_answer_without_the_list_is_no_empty_list() {
    try (StreamBench bench = new StreamBench(folder, LIST)) {
      for (String body : List.of("{\"error\":\"x\"}", "{\"items\":{}}", "[]", "7")) {
        bench.provider.answering(r -> Answer.json(body));

        assertFails(bench, "records_not_found", ErrorClass.PROVIDER);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, unauthorized, AUTH",
    "403, forbidden, CONFIG",
    "404, not_found, CONFIG",
    "400, request_refused, SYSTEM",
    "422, request_refused, SYSTEM",
    "429, rate_limited, TRANSIENT",
    "500, provider_unavailable, TRANSIENT",
    "503, provider_unavailable, TRANSIENT",
    "304, unexpected_status, PROVIDER"
  })
  void a_status_says_who_must_act(int status, String code, ErrorClass errorClass) {
    try (StreamBench bench = new StreamBench(folder, LIST)) {
      bench.provider.answering(r -> Answer.status(status));

      assertFails(bench, code, errorClass);
    }
  }

  @Test
  void error_rules_come_before_the_usual_meaning() {
    String rules =
        """
        on_error:
          - {when: {status: [400], body_contains: expired}, do: restart_pagination}
          - {when: {status: [404]}, do: end_stream}
        """;
    try (StreamBench bench =
        new StreamBench(
            folder,
            LIST + "pagination: {type: cursor, path: .next, into: {query: cursor}}\n" + rules)) {
      int[] n = {0};
      bench.provider.answering(r ->
          switch (n[0]++) {
            case 0 -> Answer.json("{\"items\":[{\"id\":1}],\"next\":\"a\"}");
            case 1 -> Answer.json(400, "{\"error\":\"cursor expired\"}");
            case 2 -> Answer.json("{\"items\":[{\"id\":1}],\"next\":\"a\"}");
            default -> Answer.status(404);
          });

      assertThat(StreamBench.ids(bench.all(true, null))).containsExactly(1, 1);
    }
  }

  @Test
  void verify_asks_for_the_record_itself() {
    try (StreamBench bench =
        new StreamBench(folder, LIST + "deletes: {verify: {path: \"/items/{id}.json\"}}")) {
      bench.provider.answering(r ->
          switch (r.path()) {
            case "/items/1.json" -> Answer.json("{}");
            case "/items/a%2F2.json" -> Answer.status(404);
            default -> Answer.status(500);
          });

      assertThat(bench.streams.gone(bench.connection(), "items", "1")).isFalse();
      assertThat(bench.streams.gone(bench.connection(), "items", "a/2")).isTrue();
      assertThatThrownBy(() -> bench.streams.gone(bench.connection(), "items", "3"))
          .isInstanceOf(StreamException.class);
    }
  }

  @Test
  void an_unknown_stream_names_the_ones_there_are() {
    try (StreamBench bench = new StreamBench(folder, LIST)) {
      assertThatThrownBy(() -> bench.streams.facts("fake", "itmes"))
          .hasMessageContaining("it has [items]");
    }
  }

  private static void assertFails(StreamBench bench, String code, ErrorClass errorClass) {
    assertThatThrownBy(() -> bench.all(true, null))
        .isInstanceOfSatisfying(
            StreamException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.errorClass()).isEqualTo(errorClass);
            });
  }
}

package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"message\":\"Your trial has expired\"} | Your trial has expired",
        "{\"error\":\"who is it?\"} | who is it?",
        "{\"error\":\"invalid_grant\",\"error_description\":\"Too old\"} | Too old",
        "{\"error\":{\"code\":7,\"message\":\"No such key\"}} | No such key",
        "{\"errors\":[{\"title\":\"Forbidden\"},{\"title\":\"x\"}]} | Forbidden",
        "{\"errors\":[\"Login failed\"]} | Login failed",
        "[{\"message\":\"A list\"}] | A list",
        "\"Only a text\" | Only a text",
        "{\"message\":{\"a\":{\"b\":1}},\"detail\":\"Then this\"} | Then this",
        "{\"id\":1} |",
        "<html><h1>403</h1></html> |",
        "{\"message\": |"
      })
  void the_words_for_people_are_found_wherever_apis_put_them(String body, String said) {
    assertThat(said(body, "application/json")).isEqualTo(said);
  }

  @Test
  void plain_text_is_meant_to_be_read_and_a_page_is_not() {
    assertThat(said("Not\n  today", "text/plain; charset=utf-8")).isEqualTo("Not today");
    assertThat(said("Not today", "text/html")).isNull();
  }

  @Test
  void what_was_entered_is_never_repeated_however_short_it_is() {
    assertThat(said("{\"message\":\"no key-0123456789 (0000) here, 100001\"}", "application/json"))
        .isEqualTo("no [redacted] ([redacted]) here, 100001");
    assertThat(said("{\"message\":\"token=abc, Authorization: Basic QWxhZGRpbg==\"}", ""))
        .doesNotContain("QWxhZGRpbg");
  }

  @Test
  void the_words_are_one_bounded_line_that_reads_as_it_is_written() {
    String said = said("{\"message\":\"a\\u202Eb\\r\\n\\u0007c" + "d".repeat(400) + "\"}", "");

    assertThat(said).startsWith("a b cd").hasSize(301).endsWith("…");
  }

  private static String said(String body, String type) {
    Headers headers = Headers.NONE.with("Content-Type", type);
    return ProviderWords.of(
        new HttpAnswer(403, headers, body.getBytes(StandardCharsets.UTF_8)),
        List.of("key-0123456789", "0000", ""));
  }
}

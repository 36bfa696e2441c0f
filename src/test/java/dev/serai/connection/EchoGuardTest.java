package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoGuardTest {
  @ParameterizedTest
  @CsvSource({
    "200, 0123456789abcdef 0123456789abcde, [redacted] 0123456789abcde",
    "403, no 0123456789abcdef0123456789abcdef!, no [redacted][redacted]!",
    "200, nothing of it, nothing of it",
  })
  void a_key_is_taken_out_wherever_it_stands(int status, String body, String clean) {
    HttpAnswer answer = EchoGuard.without(List.of("0123456789abcdef"), answer(status, body));

    assertThat(text(answer)).isEqualTo(clean);
    assertThat(answer.headers().first("X-Said")).hasValue(clean);
  }

  @ParameterizedTest
  @CsvSource({
    "200, open sesame, open sesame",
    "401, wrong: sesame, wrong: [redacted]",
    "401, wrong: opensesame2, wrong: open[redacted]2",
  })
  void a_short_password_may_be_a_word_of_the_data_and_goes_from_refusals_only(
      int status, String body, String clean) {
    assertThat(text(EchoGuard.without(List.of("sesame"), answer(status, body)))).isEqualTo(clean);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"error\":\"no such key: a\\/b+c&d\\\"0123456789\"}'",
    "'{\"error\":\"no such key: a/b\\u002Bc\\u0026d\\u00220123456789\"}'",
    "'{\"error\":\"no such key: a/b+c&d\\\"0123\\u003456789\"}'",
  })
  void a_key_is_taken_out_however_the_provider_escapes_it(String body) {
    HttpAnswer answer = EchoGuard.without(List.of("a/b+c&d\"0123456789"), answer(200, body));

    assertThat(text(answer)).isEqualTo("{\"error\":\"no such key: [redacted]\"}");
  }

  private static String text(HttpAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(
        status,
        new Headers(List.of(new Headers.Line("X-Said", body))),
        body.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoGuardTest {
  private static final Credentials KEY = new Credentials.ApiKey("0123456789abcdef");
  private static final Credentials PASSWORD = new Credentials.Basic("ann", "sesame");

  @ParameterizedTest
  @CsvSource({
    "200, 0123456789abcdef 0123456789abcde, [redacted] 0123456789abcde",
    "403, no 0123456789abcdef0123456789abcdef!, no [redacted][redacted]!",
    "200, nothing of it, nothing of it",
  })
  void a_key_is_taken_out_wherever_it_stands(int status, String body, String clean) {
    HttpAnswer answer = EchoGuard.without(Grant.of(KEY), answer(status, body));

    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(clean);
    assertThat(answer.headers().first("X-Said")).hasValue(clean);
  }

  @ParameterizedTest
  @CsvSource({
    "200, open sesame, open sesame",
    "401, wrong: sesame, wrong: [redacted]",
    "401, Basic YW5uOnNlc2FtZQ==, Basic [redacted]",
  })
  void a_short_password_may_be_a_word_of_the_data_and_goes_from_refusals_only(
      int status, String body, String clean) {
    HttpAnswer answer = EchoGuard.without(Grant.of(PASSWORD), answer(status, body));

    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(clean);
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(
        status,
        new Headers(List.of(new Headers.Line("X-Said", body))),
        body.getBytes(StandardCharsets.UTF_8));
  }
}

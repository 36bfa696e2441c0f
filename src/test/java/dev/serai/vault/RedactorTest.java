package dev.serai.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  @Test
  void a_known_secret_goes_wherever_it_stands() {
    Redactor redactor = new Redactor(List.of("hunter2hunter2", "hunter2"));

    assertThat(redactor.redact("login with hunter2hunter2 or hunter2."))
        .isEqualTo("login with [redacted] or [redacted].");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET https://api.example/x?api_key=S3CRET&page=2",
        "GET https://api.example/x?page=2&access_token=S3CRET",
        "Authorization: Bearer S3CRETS3CRET",
        "authorization=Basic S3CRETS3CRET",
        "X-Redmine-API-Key: S3CRET",
        "Cookie: session=S3CRET; other=S3CRET",
        "{\"refresh_token\": \"S3CRET\\\"S3CRET\", \"page\": 1}",
        "{\"client_secret\":\"S3CRET\"}",
        "jdbc:postgresql://user:S3CRET@host/db",
        "sent Bearer S3CRETS3CRET to them"
      })
  void what_stands_where_secrets_stand_is_taken_out(String text) {
    assertThat(new Redactor().redact(text)).doesNotContain("S3CRET").contains("[redacted]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sync run ended (connection: c_12, added: 3)",
        "GET https://api.example/issues?page=2&updated_on=2026-11-01",
        "Token refresh failed with 401",
        "The key issue is unknown"
      })
  void ordinary_text_stays(String text) {
    assertThat(new Redactor().redact(text)).isEqualTo(text);
  }

  @Test
  void the_rest_of_the_line_stays_readable() {
    assertThat(
            new Redactor().redact("GET https://api.example/x?api_key=S3CRET&page=2 answered 401"))
        .isEqualTo("GET https://api.example/x?api_key=[redacted]&page=2 answered 401");
  }
}

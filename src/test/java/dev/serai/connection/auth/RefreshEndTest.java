package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.CredentialJson;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a refresh token ends, as the provider states it. */
class RefreshEndTest {
  private static final String MODE =
      "type: oauth2_code\nauthorize_url: https://acme.example/a\ntoken_url: \"%s/t\"\n";
  private static final Instant BEFORE = Modes.NOW.plus(Duration.ofDays(5));

  @TempDir Path folder;
  private Modes modes;

  @BeforeEach
  void open() {
    modes = new Modes(folder);
  }

  @AfterEach
  void close() {
    modes.close();
  }

  @Test
  void a_stated_life_is_read_where_most_write_it_or_where_the_provider_declares_it() {
    String answer = "{\"access_token\":\"a\",\"refresh_token\":\"r2\",%s}";
    assertThat(end(MODE, answer.formatted("\"refresh_token_expires_in\":15811200")))
        .isEqualTo(Modes.NOW.plusSeconds(15_811_200));
    assertThat(
            end(
                MODE + "answer: {refresh_token_expires_in: .life.refresh}\n",
                answer.formatted("\"life\":{\"refresh\":\"60\"}")))
        .isEqualTo(Modes.NOW.plusSeconds(60));
  }

  @Test
  void it_holds_as_long_as_the_token_is_not_replaced() {
    assertThat(end(MODE, "{\"access_token\":\"a\"}")).isEqualTo(BEFORE);
    assertThat(end(MODE, "{\"access_token\":\"a\",\"refresh_token\":\"r1\"}")).isEqualTo(BEFORE);
    assertThat(end(MODE, "{\"access_token\":\"a\",\"refresh_token\":\"r2\"}")).isNull();
  }

  @Test
  void it_is_kept_with_the_credentials() {
    for (Credentials credentials :
        new Credentials[] {
          had(),
          new Credentials.TwoStep(
              Json.object().put("user", "ann"), "t", "r1", null, BEFORE, Json.object())
        }) {
      assertThat(CredentialJson.read(CredentialJson.write(credentials))).isEqualTo(credentials);
    }
  }

  private static Credentials.OAuth2 had() {
    return new Credentials.OAuth2("t", "r1", null, BEFORE, null, null, Json.object());
  }

  private Instant end(String mode, String body) {
    HttpAnswer answer = new HttpAnswer(200, Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    Renewed renewed = modes.of(mode).read(Modes.connection(), App.NONE, Grant.of(had()), answer);
    return ((Renewed.Fresh) renewed).granted().credentials().refreshTokenExpiresAt();
  }
}

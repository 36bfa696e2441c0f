package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.sample.oauth.OAuthOptions;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TourTest {
  private static final String KEY = "11111111-2222-4333-8444-555555555555";

  @Test
  void every_printed_line_is_a_command_that_asks_for_what_its_step_says() throws Exception {
    try (StubSerai serai = new StubSerai()) {
      Tour tour =
          new Tour(
              serai.uri(),
              KEY,
              URI.create("http://127.0.0.1:3005"),
              "sample-key",
              OAuthOptions.TESTS,
              "sample-webhook-secret");

      for (String curl : tour.curls()) {
        assertThat(tour.text()).contains("\n" + curl + "\n");
        Process shell =
            new ProcessBuilder("sh", "-c", curl)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
      }

      assertThat(serai.asked())
          .extracting(StubSerai.Asked::line)
          .containsExactly(
              "POST /integrations",
              "POST /connect/sessions",
              "POST /connections",
              "GET /records?model=Ticket&limit=3",
              "POST /action/trigger");
      assertThat(serai.asked())
          .allSatisfy(
              asked -> assertThat(asked.headers()).containsEntry("Authorization", "Bearer " + KEY));
      assertThat(Json.parse(serai.asked().get(0).body()).at("/credentials/client_id").asText())
          .isEqualTo("serai-sample");
      assertThat(Json.parse(serai.asked().get(0).body()).at("/credentials/webhook_secret").asText())
          .isEqualTo("sample-webhook-secret");
      assertThat(
              Json.parse(serai.asked().get(1).body())
                  .at("/integrations_config_defaults/sample/connection_config/url")
                  .asText())
          .isEqualTo("http://127.0.0.1:3005");
      assertThat(Json.parse(serai.asked().get(2).body()).at("/connection_config/url").asText())
          .isEqualTo("http://127.0.0.1:3005");
      assertThat(Json.parse(serai.asked().get(4).body()).at("/input/title").asText())
          .isEqualTo("Printer on fire");
      assertThat(serai.asked().get(4).headers()).containsEntry("Connection-Id", "alice");
    }
  }
}

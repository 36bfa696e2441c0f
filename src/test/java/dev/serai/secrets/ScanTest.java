package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** That the search for secrets finds one that was planted, in every kind of place. */
class ScanTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private final String secret = "canary-planted-" + UUID.randomUUID();
  private final Canary canary = Canary.of(secret);

  private boolean found(Map<String, String> places) {
    return places.entrySet().stream()
        .anyMatch(place -> canary.in(place.getKey() + " " + place.getValue()).isPresent());
  }

  @Test
  void it_finds_a_secret_in_text_and_in_bytes_of_any_table() throws Exception {
    assertThat(found(Places.rows(postgres.address()))).isFalse();
    int environment = postgres.environment();
    assertThat(found(Places.rows(postgres.address()))).isFalse();
    postgres
        .database()
        .useTransaction(
            h -> h.execute("update environment set primary_url = ?", "http://a/?token=" + secret));
    assertThat(found(Places.rows(postgres.address()))).as("text").isTrue();
    postgres
        .database()
        .useTransaction(h -> {
          h.execute("update environment set primary_url = null");
          h.execute(
              "insert into api_key (environment, display_name, hash) values (?, 'k', ?)",
              environment,
              ("x" + secret).getBytes(StandardCharsets.UTF_8));
        });
    assertThat(found(Places.rows(postgres.address()))).as("bytes").isTrue();
  }

  @Test
  void it_finds_a_secret_in_a_file_a_thread_and_a_bean(@TempDir Path folder) throws Exception {
    assertThat(found(Places.files(folder))).isFalse();
    Files.writeString(folder.resolve("a.log"), "token " + secret);
    assertThat(found(Places.files(folder))).isTrue();
    Files.delete(folder.resolve("a.log"));

    assertThat(found(Places.threads(folder))).isFalse();
    Thread named = Thread.ofPlatform().name("refresh " + secret).start(ScanTest::sleep);
    assertThat(found(Places.threads(folder))).isTrue();
    named.interrupt();
    named.join();

    assertThat(found(Places.beans())).isFalse();
    System.setProperty("planted", secret);
    assertThat(found(Places.beans())).isTrue();
    System.clearProperty("planted");
  }

  private static void sleep() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void it_finds_a_secret_in_a_log_line_before_and_after_the_redactor() {
    try (Eavesdropper logs = new Eavesdropper(canary)) {
      LoggerFactory.getLogger("planted").debug("with {}", secret);

      assertThat(logs.raw()).hasSize(1);
      assertThat(logs.written()).isNotEmpty();
    }
  }
}

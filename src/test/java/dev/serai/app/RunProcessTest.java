package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.TestServer;
import dev.serai.support.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serai run} as a process of its own: what an operator's shell sees. */
@Timeout(180)
class RunProcessTest {
  @TempDir Path home;

  @BeforeEach
  void platformRoutes() throws Exception {
    Files.createDirectories(home.resolve("routes"));
    Files.copy(Path.of("routes/health.camel.yaml"), home.resolve("routes/health.camel.yaml"));
  }

  @Test
  void sigterm_ends_it_within_ten_seconds() throws Exception {
    Process process = run(settings());
    Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> output().contains("Ready in"));

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(output()).contains("Stopped in").doesNotContain("ERROR", "Exception");
  }

  @Test
  void a_wrong_setting_is_one_line_and_exit_code_2() throws Exception {
    Process process = run(settings().with("SERAI_PORT", "abc"));

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(output().strip())
        .isEqualTo(
            "serai: serai.port is 'abc'; it must be a whole number from 1 to 65535."
                + " Set serai.port in application.properties or SERAI_PORT in the environment [bad_setting]");
  }

  @Test
  void a_generated_api_key_is_printed_at_the_first_start_and_never_again() throws Exception {
    TestSettings settings = settings().with("SERAI_SECRET_KEY_DEV", "");
    Process first = run(settings);
    Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> output().contains("dev.key"));
    String firstOutput = output();
    first.destroy();
    first.waitFor(10, TimeUnit.SECONDS);
    String key = Files.readString(home.resolve("data/dev.key")).strip();

    Process second = run(settings);
    Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> output().contains("Ready in"));
    second.destroy();
    second.waitFor(10, TimeUnit.SECONDS);

    assertThat(firstOutput.split(key, -1)).as(firstOutput).hasSize(2);
    assertThat(output()).doesNotContain(key);
  }

  @Test
  void logs_can_be_json_and_never_hold_the_api_key() throws Exception {
    Process process = run(settings().with("SERAI_LOG_FORMAT", "json"));
    Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> output().contains("Ready in"));
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);

    assertThat(output().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith("{\"@timestamp\":").endsWith("}"));
    assertThat(output()).doesNotContain(TestSettings.DEV_KEY);
  }

  private TestSettings settings() {
    return new TestSettings(home.resolve("data")).with(TestServer.shared().emptyDatabase());
  }

  private Process run(TestSettings settings) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dserai.home=" + home,
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + Path.of("src/main/resources/logback.xml").toUri(),
                "-cp",
                System.getProperty("java.class.path"),
                Cli.class.getName(),
                "run")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
    builder.environment().putAll(settings.environment());
    return builder.start();
  }

  private String output() throws Exception {
    return Files.readString(home.resolve("output"));
  }
}

package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.TestSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Connect page in a real browser against a whole Serai: {@code mvn -B verify -Pbrowser}. The
 * browser is Chromium from {@code CHROME} or the PATH; its driver is installed into target/.
 * Pictures of every state are left in target/browser/pictures.
 */
@Tag("browser")
@Timeout(600)
class ConnectWalkTest {
  private static final List<String> PACKAGES =
      List.of("playwright-core@1.65.1", "axe-core@4.14.1", "@nangohq/frontend@0.71.10");
  private static final Path FOLDER = Path.of("target/browser").toAbsolutePath();

  @TempDir Path data;

  @Test
  void a_customer_connects_by_the_page() throws Exception {
    // Whoever asks for this walk wants it: without what it needs it fails, and is not passed over.
    Optional<Path> chrome = chrome();
    assertThat(chrome).as("Chromium: name one in CHROME or put one on the PATH").isPresent();
    assertThat(onPath("npm")).as("npm on the PATH").isPresent();
    assertThat(onPath("node")).as("node on the PATH").isPresent();
    install();
    Path providers = data.resolve("providers");
    int sample = FreePorts.pair();
    try (KeyDesk desk = new KeyDesk(providers);
        ConnectWorld world =
            new ConnectWorld(
                new TestSettings(data)
                    .with("SERAI_SAMPLE", "true")
                    .with("SERAI_SAMPLE_PORT", Integer.toString(sample))
                    .with("SERAI_PROVIDERS", providers.toString())
                    .with("SERAI_OUTGOING_ALLOW", desk.http.address()),
                "http://127.0.0.1:" + sample)) {
      Map<String, String> environment =
          Map.of(
              "SERAI_URL",
              world.url,
              "SERAI_KEY",
              TestSettings.DEV_KEY,
              "HELPDESK_URL",
              world.helpdesk,
              "HELPDESK_KEY",
              "sample-key",
              "CHROME",
              chrome.orElseThrow().toString(),
              "PICTURES",
              FOLDER.resolve("pictures").toString());

      assertThat(run(environment, "node", "walk.mjs")).isZero();
    }
  }

  private static void install() throws Exception {
    Files.createDirectories(FOLDER);
    try (Stream<Path> modules = Files.list(Path.of("src/test/browser"))) {
      for (Path module : modules.toList()) {
        Files.copy(
            module, FOLDER.resolve(module.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path installed = FOLDER.resolve("installed.txt");
    String wanted = String.join(" ", PACKAGES);
    if (Files.exists(installed) && Files.readString(installed).equals(wanted)) {
      return;
    }
    Files.writeString(FOLDER.resolve("package.json"), "{\"private\":true}");
    List<String> command =
        Stream.concat(
                Stream.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"),
                PACKAGES.stream())
            .toList();
    assertThat(run(Map.of(), command.toArray(String[]::new))).as(wanted).isZero();
    Files.writeString(installed, wanted);
  }

  private static Optional<Path> chrome() {
    @Nullable String named = System.getenv("CHROME");
    return named != null
        ? Optional.of(Path.of(named))
        : Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
            .flatMap(name -> onPath(name).stream())
            .findFirst();
  }

  private static Optional<Path> onPath(String program) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(Optional.ofNullable(System.getenv("PATH")).orElse(""))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = FOLDER.resolve(command[0] + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(400, TimeUnit.SECONDS);
      System.out.print(Files.readString(output));
      return ended ? process.exitValue() : -1;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}

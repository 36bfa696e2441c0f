package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Serai's own module in a real browser against a whole Serai, over connections that break: {@code
 * mvn -B verify -Pbrowser}. The browser is Chromium from {@code CHROME} or the PATH.
 */
@Tag("browser")
@Timeout(600)
class SeraiModuleBrowserTest {
  private static final Path FOLDER = Path.of("target/sdk-browser").toAbsolutePath();

  @TempDir Path data;

  @Test
  void a_site_connects_its_customers_whatever_happens_on_the_way() throws Exception {
    Optional<Path> chrome =
        Node.find(
            Optional.ofNullable(System.getenv("CHROME")),
            "chromium",
            "chromium-browser",
            "google-chrome",
            "chrome");
    assumeTrue(chrome.isPresent(), "no Chromium: name one in CHROME or put one on the PATH");
    assumeTrue(Node.works("npm") && Node.works("node"), "npm or node is not installed");
    Node.install(FOLDER, "playwright-core@1.65.1", "@nangohq/frontend@0.71.10");
    Files.copy(
        Path.of("src/test/sdk/browser.mjs"),
        FOLDER.resolve("browser.mjs"),
        StandardCopyOption.REPLACE_EXISTING);

    try (SdkWorld world = new SdkWorld(data)) {
      Map<String, String> environment = new HashMap<>(world.environment());
      environment.put("CHROME", chrome.orElseThrow().toString());
      try (Node node = Node.start(FOLDER, "browser.mjs", environment)) {
        String printed = node.succeeds(300);

        System.out.print(printed);
        assertThat(printed).contains("all passed").doesNotContain("FAILED");
      }
    }
  }
}

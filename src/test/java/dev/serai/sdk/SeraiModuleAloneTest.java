package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Serai's own module where something else answers in Serai's place, by Node. */
@Timeout(120)
class SeraiModuleAloneTest {
  @TempDir Path folder;

  @Test
  void everything_that_fails_is_an_error_of_the_module() throws Exception {
    assumeTrue(Node.works("node"), "node is not installed");
    Files.copy(Path.of("src/main/resources/web/sdk/serai.js"), folder.resolve("serai.js"));
    Files.copy(Path.of("src/test/sdk/alone.mjs"), folder.resolve("alone.mjs"));
    Files.writeString(folder.resolve("package.json"), "{\"type\":\"module\"}");

    try (Node node = Node.start(folder, "alone.mjs", Map.of())) {
      String printed = node.succeeds(60);

      assertThat(printed).contains("all passed").doesNotContain("FAILED");
    }
  }
}

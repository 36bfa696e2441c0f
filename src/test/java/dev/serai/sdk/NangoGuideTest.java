package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide's blocks for the published SDK: {@code mvn -B verify -Psdk}. */
@Tag("sdk")
@Timeout(400)
class NangoGuideTest {
  private static final Path FOLDER = Path.of("target/sdk").toAbsolutePath();

  @TempDir Path data;

  @Test
  void the_guide_does_what_it_says_with_the_published_sdk() throws Exception {
    assumeTrue(Node.works("npm"), "npm is not installed");
    assumeTrue(Node.works("node"), "node is not installed");
    Node.install(FOLDER, "@nangohq/node@0.71.10", "@nangohq/frontend@0.71.10");
    SdkWorld.program("nango", FOLDER.resolve("guide.mjs"), "nango-guide.mjs");

    try (SdkWorld world = new SdkWorld(data);
        Node node = Node.start(FOLDER, "guide.mjs", world.environment())) {
      String connection = SdkWorld.first("connected (\\S+)", node.awaits("connected "));
      assertThat(world.forged("{\"type\":\"auth\"}")).as("a forged webhook").isEqualTo(401);
      node.awaits("creation: ann has connection " + connection);
      node.awaits("collected 250 of Ticket");
      String printed = node.awaits("all said");

      System.out.print(printed.replaceAll("session_token=\\w+", "session_token=..."));
      assertThat(printed).contains("link " + world.url + "/connect", ": Printer on fire");
    }
  }
}

package dev.serai.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Serai's own module and its guide, by Node against a whole Serai. */
@Timeout(180)
class SeraiModuleTest {
  @TempDir Path data;
  @TempDir Path folder;
  private SdkWorld world;

  @BeforeAll
  static void needsNode() {
    assumeTrue(Node.works("node"), "node is not installed");
  }

  @BeforeEach
  void open() throws Exception {
    world = new SdkWorld(data);
    world.download(folder);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_module_lists_acts_verifies_and_says_what_went_wrong() throws Exception {
    Files.copy(
        Path.of("src/test/sdk/serai.mjs"),
        folder.resolve("test.mjs"),
        StandardCopyOption.REPLACE_EXISTING);

    try (Node node = Node.start(folder, "test.mjs", world.environment())) {
      String printed = node.succeeds(90);

      System.out.print(printed);
      assertThat(printed).contains("all passed").doesNotContain("FAILED");
    }
  }

  @Test
  void the_guide_does_what_it_says() throws Exception {
    SdkWorld.program("node", folder.resolve("guide.mjs"), "guide.mjs");

    try (Node node = Node.start(folder, "guide.mjs", world.environment())) {
      String printed = node.awaits("all said");
      String connection = SdkWorld.first("connected helpdesk (\\S+)", printed);
      String link = SdkWorld.first("link (\\S+)", printed);

      assertThat(printed)
          .contains(
              "wrong key: 400 connection_test_failed",
              "second time: 401 unknown_connect_session_token",
              ": Printer on fire",
              "not created, 400 invalid_action_input: ",
              "not created, 400 unknown_connection: ",
              "known there as 1",
              "reconnected true",
              "signed bob-1",
              "not signed: 400 invalid_hmac",
              "withdrawn: 400 invalid_credentials");
      assertThat(link).startsWith(world.url + "/connect");
      assertThat(SdkWorld.get(link).statusCode()).isEqualTo(200);
      assertThat(world.forged("{\"type\":\"auth\"}")).as("a forged webhook").isEqualTo(401);
      node.awaits("creation: ann has connection " + connection);
      node.awaits("override: ann has connection " + connection);
      node.awaits("Ticket of " + connection + ": 250 added, 0 updated, 0 deleted");
      node.awaits("collected 250 of Ticket");
      String told = node.awaits("reconnect carol-1, refresh_token_revoked: http");
      String again = SdkWorld.first("reconnect carol-1, \\S+ (\\S+)", told);
      assertThat(SdkWorld.get(again).statusCode()).isEqualTo(200);
      System.out.print(told.replaceAll("session_token=\\w+", "session_token=..."));
    }
  }
}

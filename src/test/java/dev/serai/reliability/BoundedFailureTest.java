package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.DatabaseAddress;
import dev.serai.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is broken fails alone, soon, and says why; and a heap of 256 MB is enough for all of it. One
 * Serai meets everything, one after the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BoundedFailureTest {
  private static final String CONNECTION = "rough";
  private static final int TICKETS = 12_000;

  @TempDir static Path folder;
  private DatabaseAddress database;
  private Cluster cluster;
  private SeraiProcess serai;
  private int runs;

  @BeforeAll
  void start() throws IOException {
    Path broken = Files.createDirectories(folder.resolve("providers/broken"));
    Files.writeString(
        broken.resolve("provider.yaml"), "name: broken\nbase_ulr: https://x.example\n");
    Path crooked = Files.createDirectories(folder.resolve("providers/crooked/syncs"));
    Files.writeString(
        crooked.resolveSibling("provider.yaml"),
        "name: crooked\ndisplay_name: Crooked\nauth: {type: none}\nbase_url: https://x.example\n");
    Files.writeString(
        crooked.resolve("tickets.camel.yaml"),
        "- route:\n    id: crooked-sync-tickets\n    from:\n      uri: timer:crooked\n      stops:\n        - log: hello\n");
    database = TestServer.shared().emptyDatabase();
    cluster = new Cluster(folder, database, TICKETS);
    serai =
        cluster
            .node()
            .with("SERAI_PROVIDERS", Cluster.PROVIDERS + "," + folder.resolve("providers"))
            .withJava("-Xmx256m")
            .withJava("-XX:+ExitOnOutOfMemoryError")
            .start();
    serai.api().connect("rough", CONNECTION, cluster.helpdesk.uri());
    assertThat(next().path("outcome").asText()).isEqualTo("success");
  }

  @AfterAll
  void stop() {
    cluster.close();
    TestServer.shared().drop(database);
  }

  @Test
  void a_broken_provider_file_and_a_broken_route_file_are_refused_alone() {
    JsonNode report = Json.parse(serai.readiness());

    assertThat(report.path("ready").booleanValue()).isTrue();
    assertThat(report.path("refused").findValuesAsText("file"))
        .anyMatch(file -> file.endsWith("broken/provider.yaml"))
        .anyMatch(file -> file.endsWith("crooked/syncs/tickets.camel.yaml"))
        .hasSize(2);
    assertThat(report.path("refused").toString())
        .contains("line 2: base_ulr", "line 6: Unsupported field: stops");
    report.path("refused").forEach(refused -> show("refused", refused.toString()));
  }

  @Test
  void a_page_of_ten_thousand_records_is_read_in_batches() {
    cluster.helpdesk.control().fault(fault("big_page").put("records", 10_000));

    JsonNode run = runFull();

    assertThat(run.path("outcome").asText()).isEqualTo("success");
    assertThat(run.path("unchanged").asInt()).isEqualTo(TICKETS);
    assertThat(run.path("pages").asInt()).as("cut into commits of 1,000").isEqualTo(10 + 20);
    show(
        "10,000 records in one answer",
        "success in %d commits".formatted(run.path("pages").asInt()));
  }

  @Test
  void a_page_of_fifty_megabytes_fails_the_run() {
    cluster.helpdesk.control().fault(fault("oversized").put("megabytes", 50));

    assertFailed(runFull(), "provider", "more than the 33,554,432 bytes allowed here");
  }

  @Test
  void a_page_of_thirty_megabytes_is_allowed_and_fits() {
    cluster.helpdesk.control().fault(fault("oversized").put("megabytes", 30));

    JsonNode run = runFull();

    assertThat(run.path("outcome").asText()).as(serai.tail()).isEqualTo("success");
    assertThat(run.path("updated").asInt()).as("the enormous ticket").isEqualTo(1);
    assertThat(runFull().path("updated").asInt()).as("and back").isEqualTo(1);
    show("30 MB in one answer", "success");
  }

  @Test
  void a_provider_that_never_answers_does_not_hold_the_run_for_ever() {
    cluster.helpdesk.control().fault(fault("silent").put("times", 1_000));

    JsonNode suspended = suspended();

    cluster.helpdesk.control().noFaults();
    serai.api().trigger("rough", CONNECTION, "tickets", "full_refresh");
    JsonNode run = next();
    assertThat(run.path("outcome").asText())
        .as("it goes on once answers come")
        .isEqualTo("success");
    show(
        "no answer",
        "%s [%s]: %s; went on when answers came"
            .formatted(
                suspended.path("error_code").asText(),
                suspended.path("error_class").asText(),
                suspended.path("error_message").asText()));
  }

  @Test
  void an_answer_that_is_not_json_fails_the_run() {
    cluster.helpdesk.control().fault(fault("invalid_json").put("skip", 3));

    assertFailed(runFull(), "provider", "JSON");
  }

  @Test
  void a_repeated_cursor_fails_the_run() {
    cluster.helpdesk.control().fault(fault("repeated_cursor").put("skip", 3));

    assertFailed(runFull(), "provider", "");
  }

  private static ObjectNode fault(String kind) {
    return Json.object().put("kind", kind).put("times", 1).put("path", "/v1/tickets");
  }

  private JsonNode runFull() {
    serai.api().trigger("rough", CONNECTION, "tickets", "full_refresh");
    return next();
  }

  private JsonNode next() {
    return cluster.awaitRun(CONNECTION, "tickets", ++runs);
  }

  /** The open run, once it was put off for a fault that may pass. */
  private JsonNode suspended() {
    serai.api().trigger("rough", CONNECTION, "tickets", "full_refresh");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          var all = cluster.ledger.runs(CONNECTION, "tickets");
          return all.size() == runs + 1 && !all.getLast().path("error_code").isNull();
        });
    return cluster.ledger.runs(CONNECTION, "tickets").getLast();
  }

  private void assertFailed(JsonNode run, String errorClass, String word) {
    assertThat(run.path("outcome").asText()).as(run.toString()).isEqualTo("failed");
    assertThat(run.path("error_class").asText()).isEqualTo(errorClass);
    assertThat(run.path("error_message").asText()).contains(word);
    assertThat(run.path("deleted").asInt()).isZero();
    assertThat(serai.isAlive()).isTrue();
    show(
        "failed run",
        "%s [%s]: %s"
            .formatted(
                run.path("error_code").asText(), errorClass, run.path("error_message").asText()));
    assertThat(runFull().path("outcome").asText()).as("the next run").isEqualTo("success");
  }

  private static void show(String what, String how) {
    System.out.println("bounded failure, " + what + ": " + how);
  }
}

package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorApiTest {
  private Simulator simulator;
  private HelpdeskCalls calls;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(Simulator.Options.TESTS.withTickets(20));
    calls = new HelpdeskCalls(simulator.uri());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void a_created_ticket_can_be_read_changed_commented_and_deleted() throws Exception {
    JsonNode created =
        calls.post("/v1/tickets", "{\"subject\": \"Printer on fire\", \"priority\": 4}");
    String path = "/v1/tickets/" + created.path("id").asText();
    Json.parse(calls.send("PATCH", path, "sample-key", "{\"state\": \"solved\"}").body());
    JsonNode comment = calls.post(path + "/comments", "{\"body\": \"Water helped\"}");
    JsonNode read = calls.json(path);
    int deleted = calls.send("DELETE", path, "sample-key", "").statusCode();

    assertThat(read.path("subject").asText()).isEqualTo("Printer on fire");
    assertThat(read.path("state").asText()).isEqualTo("solved");
    assertThat(read.path("solved_at").asText()).startsWith("20");
    assertThat(read.path("comments_count").asInt()).isEqualTo(1);
    assertThat(comment.path("body").asText()).isEqualTo("Water helped");
    assertThat(deleted).isEqualTo(204);
    assertThat(calls.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void an_empty_text_clears_a_field() throws Exception {
    String created =
        "{\"subject\": \"s\", \"body\": \"b\", \"labels\": [\"l\"], \"project_id\": 1}";
    String path = "/v1/tickets/" + calls.post("/v1/tickets", created).path("id").asText();
    String cleared = "{\"body\": \"\", \"labels\": \"\", \"project_id\": \"\"}";
    JsonNode changed = Json.parse(calls.send("PATCH", path, "sample-key", cleared).body());

    assertThat(changed.path("body").isNull()).isTrue();
    assertThat(changed.path("project_id").isNull()).isTrue();
    assertThat(changed.path("labels")).isEmpty();
    assertThat(changed.path("subject").asText()).isEqualTo("s");
  }

  @Test
  void numbers_keep_what_a_double_would_lose() throws Exception {
    String text = new String(calls.get("/v1/tickets/1").body(), StandardCharsets.UTF_8);

    assertThat(text)
        .contains("\"reference\":9007199254740993")
        .containsPattern("\"hours_spent\":\\d\\.\\d\\d");
  }

  @Test
  void bad_input_is_refused_naming_the_field() throws Exception {
    assertRefused("{\"subject\": \" \"}", "subject");
    assertRefused("{\"body\": \"no subject\"}", "subject");
    assertRefused("{\"subject\": \"s\", \"priority\": 9}", "priority");
    assertRefused("{\"subject\": \"s\", \"state\": \"exploded\"}", "state");
    assertRefused("{\"subject\": \"s\", \"assignee_id\": 99}", "assignee_id");
    assertRefused("{\"subject\": \"s\", \"due_on\": \"tomorrow\"}", "due_on");
    assertRefused("{\"subject\": \"s\", \"colour\": \"red\"}", "colour");
    assertThat(simulator.control().truth()).hasSize(20);
  }

  private void assertRefused(String input, String field) throws Exception {
    HttpResponse<byte[]> answer = calls.send("POST", "/v1/tickets", "sample-key", input);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(Json.parse(answer.body()).at("/errors/0/field").asText()).isEqualTo(field);
  }

  @Test
  void nothing_is_shown_without_the_key_and_nothing_steered_without_the_token() throws Exception {
    assertThat(calls.send("GET", "/v1/me", "wrong", "").statusCode()).isEqualTo(401);
    assertThat(calls.send("GET", "/_control/truth", "sample-key", "").statusCode()).isEqualTo(403);
    assertThat(calls.json("/v1/me").path("email").asText()).isEqualTo("user1@helpdesk.example");
  }

  @Test
  void the_request_log_counts_each_page() throws Exception {
    calls.get("/v1/users?page=1");
    calls.get("/v1/users?page=1");
    calls.get("/v1/users?page=2");

    JsonNode log = simulator.control().requests();

    assertThat(log.path("total").asInt()).isEqualTo(3);
    assertThat(log.at("/by_target").path("GET /v1/users?page=1").asInt()).isEqualTo(2);
  }

  @Test
  void a_drifting_list_changes_while_it_is_paged() throws Exception {
    simulator.control().drift(2, 0, 3, 1, 1);
    ObjectNode before = simulator.control().truth();

    calls.get("/v1/tickets/by-offset?limit=5");
    assertThat(simulator.control().truth()).isEqualTo(before);
    calls.get("/v1/tickets/by-offset?limit=5&offset=5");
    assertThat(simulator.control().truth()).hasSize(22);
    calls.get("/v1/tickets/by-offset?limit=5&offset=10");
    calls.get("/v1/tickets/by-offset?limit=5&offset=15");

    assertThat(simulator.control().truth()).hasSize(22);
  }

  @Test
  void tickets_change_by_themselves_at_the_set_rate() throws Exception {
    var busy = Simulator.Options.TESTS.withTickets(20).withActivity(Duration.ofMillis(5));
    try (Simulator live = Simulator.start(busy)) {
      ObjectNode before = live.control().truth();

      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> !live.control().truth().equals(before));
    }
  }

  @Test
  void it_runs_as_a_process_of_its_own_and_ends_with_its_input() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Simulator.class.getName(),
                "--tickets",
                "30")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String port = out.readLine().replace("port ", "");
      var control =
          new SimulatorControl(java.net.URI.create("http://127.0.0.1:" + port), "sample-control");

      assertThat(control.truth()).hasSize(30);
      assertThat(control.edit(List.of("1", "99"), Json.object().put("priority", 1)))
          .containsExactly("1");
    } finally {
      process.getOutputStream().close();
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}

package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorFaultsTest {
  private Simulator simulator;
  private HelpdeskCalls calls;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(Simulator.Options.TESTS.withTickets(300));
    calls = new HelpdeskCalls(simulator.uri());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void a_fault_lasts_for_as_many_requests_as_asked() throws Exception {
    simulator.control().fault("status", 2);

    assertThat(calls.get("/v1/tickets").statusCode()).isEqualTo(500);
    assertThat(calls.get("/v1/tickets").statusCode()).isEqualTo(500);
    assertThat(calls.get("/v1/tickets").statusCode()).isEqualTo(200);
  }

  @Test
  void a_fault_can_wait_for_a_path_and_a_number_of_requests() throws Exception {
    simulator
        .control()
        .fault(
            Json.object()
                .put("kind", "status")
                .put("status", 503)
                .put("path", "/v1/users")
                .put("skip", 1));

    assertThat(calls.get("/v1/users").statusCode()).isEqualTo(200);
    assertThat(calls.get("/v1/projects").statusCode()).isEqualTo(200);
    assertThat(calls.get("/v1/users").statusCode()).isEqualTo(503);
  }

  @Test
  void the_rate_limit_says_when_to_come_back() throws Exception {
    simulator.control().rateLimit(2, Duration.ofMinutes(5));

    calls.get("/v1/me");
    calls.get("/v1/me");
    HttpResponse<byte[]> refused = calls.get("/v1/me");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("Retry-After").getAsLong()).isBetween(290L, 300L);
  }

  @Test
  void a_demanded_429_has_its_retry_after() throws Exception {
    simulator.control().fault(Json.object().put("kind", "rate_limited").put("retry_after", 7));

    assertThat(calls.get("/v1/me").headers().firstValue("Retry-After")).hasValue("7");
  }

  @Test
  void answers_break_off() {
    simulator.control().fault("truncated", 1);
    assertThatThrownBy(() -> calls.get("/v1/tickets")).isInstanceOf(IOException.class);

    // A bodiless GET is sent again by the JDK's client when the connection just closes.
    simulator.control().fault("dropped", 3);
    assertThatThrownBy(() -> calls.post("/v1/tickets", "{\"subject\": \"lost\"}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void an_answer_may_never_come() {
    simulator.control().fault("silent", 1);
    HttpRequest request =
        HttpRequest.newBuilder(simulator.uri().resolve("/v1/me"))
            .timeout(Duration.ofMillis(200))
            .build();

    assertThatThrownBy(
            () -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void slow_bytes_arrive_whole() throws Exception {
    simulator
        .control()
        .fault(Json.object().put("kind", "slow").put("bytes", 40).put("pause_ms", 5));

    assertThat(calls.json("/v1/me").path("id").asInt()).isEqualTo(1);
  }

  @Test
  void bodies_are_spoilt_on_demand() throws Exception {
    simulator.control().fault("invalid_json", 1);
    byte[] invalid = calls.get("/v1/tickets").body();
    simulator.control().fault("empty", 1);
    byte[] empty = calls.get("/v1/tickets").body();
    simulator.control().fault(Json.object().put("kind", "oversized").put("megabytes", 3));
    byte[] oversized = calls.get("/v1/tickets").body();

    assertThatThrownBy(() -> Json.parse(invalid)).isInstanceOf(IOException.class);
    assertThat(empty).isEmpty();
    assertThat(oversized).hasSizeGreaterThan(3 << 20);
    assertThat(Json.parse(oversized).path("tickets")).hasSize(100);
  }

  @Test
  void another_spelling_means_the_same() throws Exception {
    JsonNode plain = calls.json("/v1/tickets/3");
    simulator.control().fault("reordered", 1);
    JsonNode respelt = calls.json("/v1/tickets/3");

    assertThat(respelt.fieldNames().next()).isEqualTo("solved_at");
    assertThat(respelt.path("hours_spent").asText())
        .isEqualTo(plain.path("hours_spent").asText() + "0000000");
    assertThat(respelt.path("hours_spent").decimalValue())
        .isEqualByComparingTo(plain.path("hours_spent").decimalValue());
    assertThat(respelt.path("reference")).isEqualTo(plain.path("reference"));
  }

  @Test
  void pages_lie_on_demand() throws Exception {
    String cursor = calls.json("/v1/tickets?limit=10").path("next_cursor").asText();
    simulator.control().fault("repeated_cursor", 1);
    JsonNode repeated = calls.json("/v1/tickets?limit=10&cursor=" + cursor);
    simulator.control().fault("hidden_page", 1);
    JsonNode hidden = calls.json("/v1/tickets?limit=10");
    simulator.control().fault("big_page", 1);
    JsonNode big = calls.json("/v1/tickets?limit=10");

    assertThat(repeated.path("next_cursor").asText()).isEqualTo(cursor);
    assertThat(hidden.path("tickets")).isEmpty();
    assertThat(hidden.path("next_cursor").asText()).isEqualTo(cursor);
    assertThat(big.path("tickets")).hasSize(300);
  }

  @Test
  void a_write_can_happen_although_its_answer_says_otherwise() throws Exception {
    simulator.control().fault("status_after", 1);

    int status =
        calls.send("POST", "/v1/tickets", "sample-key", "{\"subject\": \"twice?\"}").statusCode();

    assertThat(status).isEqualTo(500);
    assertThat(simulator.control().truth()).hasSize(301);
  }

  @Test
  void seeded_faults_fall_the_same_way_twice() throws Exception {
    List<Integer> first = statuses();
    simulator.close();
    start();
    List<Integer> second = statuses();

    assertThat(first).isEqualTo(second).contains(200, 500);
  }

  private List<Integer> statuses() throws Exception {
    simulator.control().fault(Json.object().put("kind", "status").put("probability", 0.3));
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      statuses.add(calls.get("/v1/me").statusCode());
    }
    return statuses;
  }

  @Test
  void an_unknown_kind_is_refused() {
    assertThatThrownBy(() -> simulator.control().fault("meteor", 1))
        .hasMessageContaining("is not one of rate_limited");
  }
}

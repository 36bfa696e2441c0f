package dev.serai.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.record.Models;
import dev.serai.support.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ActionRunnerTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final Connection ANN =
      new Connection(
          7, 1, "dev", 1, "hd", "helpdesk", "ann", "connection ann", Json.object(), null, null);

  private final ActionRegistry registry = new ActionRegistry();
  private final AtomicInteger calls = new AtomicInteger();
  private ActionRunner runner;

  @BeforeEach
  void start() {
    runner =
        new ActionRunner(
            postgres.database(),
            registry,
            Models.unifiedOnly(),
            new ActionRunner.Limits(Duration.ofMillis(300), 1_000));
  }

  @Test
  void an_action_answers_what_its_route_left_and_leaves_a_row() {
    offer("TicketCreate", null, (connection, input) -> Json.object().put("got", input.size()));

    ActionOutcome outcome = run("{\"title\": \"Printer\"}");

    assertThat(outcome).isEqualTo(new ActionOutcome.Done(Json.parse("{\"got\":1}")));
    assertThat(row()).isEqualTo("create success null");
  }

  @Test
  void invalid_input_names_field_and_rule_and_never_reaches_the_route() {
    offer("TicketCreate", null, (connection, input) -> NullNode.getInstance());

    ActionOutcome outcome = run("{\"title\": 5}");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            ActionOutcome.InvalidInput.class,
            invalid -> {
              assertThat(invalid.faults().getFirst().field()).isEqualTo("title");
              assertThat(invalid.faults().getFirst().rule()).isEqualTo("type");
            });
    assertThat(calls).hasValue(0);
  }

  @Test
  void output_that_breaks_its_schema_is_told() {
    offer(null, "Ticket", (connection, input) -> Json.object().put("title", 1));

    assertThat(run("null").code()).isEqualTo("invalid_action_output");
    assertThat(row()).isEqualTo("create failed invalid_action_output");
  }

  @Test
  void a_large_output_is_refused() {
    offer(null, null, (connection, input) -> Json.object().put("text", "x".repeat(1_000)));

    assertThat(run("null").code()).isEqualTo("script_output_too_large");
  }

  @Test
  void a_route_that_takes_too_long_is_interrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    offer(
        null,
        null,
        (connection, input) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return NullNode.getInstance();
        });

    assertThat(run("null").code()).isEqualTo("execution_timeout");
    assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(row()).isEqualTo("create failed execution_timeout");
  }

  @Test
  void a_failing_step_is_an_error_of_ours() {
    offer(
        null,
        null,
        (connection, input) -> {
          throw new IllegalStateException("mapping");
        });

    assertThat(run("null")).isInstanceOf(ActionOutcome.Broken.class);
  }

  @Test
  void an_unknown_action_leaves_no_row() {
    assertThat(run("null")).isInstanceOf(ActionOutcome.NotFound.class);
    assertThat(rows()).isZero();
  }

  @Test
  void a_route_that_was_replaced_does_not_take_its_successor_away() {
    ActionDefinition definition = new ActionDefinition("helpdesk", "create", null, null);
    ActionRoute old = (connection, input) -> NullNode.getInstance();
    ActionRoute successor = (connection, input) -> Json.array();
    registry.register(definition, old);
    registry.register(definition, successor);

    registry.unregister(definition, old);

    assertThat(run("null")).isEqualTo(new ActionOutcome.Done(Json.array()));
  }

  private void offer(String input, String output, ActionRoute route) {
    registry.register(
        new ActionDefinition("helpdesk", "create", input, output),
        (connection, given) -> {
          calls.incrementAndGet();
          return route.run(connection, given);
        });
  }

  private ActionOutcome run(String input) {
    JsonNode json = Json.parse(input);
    return runner.run(ANN, "create", json);
  }

  private String row() {
    return postgres
        .database()
        .read(h ->
            h.createQuery(
                    "select format('%s %s %s', action, outcome, coalesce(error_code, 'null'))"
                        + " from action_run where ended_at is not null")
                .mapTo(String.class)
                .one());
  }

  private int rows() {
    return postgres
        .database()
        .read(h -> h.createQuery("select count(*) from action_run").mapTo(int.class).one());
  }
}

package dev.serai.action.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.action.ActionRegistry;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.record.Models;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActionRouteTest {
  private static final Connection ANN =
      new Connection(
          7, 1, "dev", 1, "hd", "helpdesk", "ann", "connection ann", Json.object(), null, null);

  private final ActionRegistry registry = new ActionRegistry();
  private CamelContext context;

  @BeforeEach
  void start() {
    context = new DefaultCamelContext();
    context.addComponent("action", new ActionComponent(registry, Models.unifiedOnly()));
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void a_route_is_offered_while_it_runs_and_gets_a_fresh_exchange_each_time() throws Exception {
    load(
        "{ input: TicketCreate, output: Ticket }",
        """
        setBody: { expression: { simple: { expression: "${header.seen}" } } }
                - setHeader: { name: seen, expression: { constant: { expression: before } } }\
        """);

    JsonNode first = call("{}");
    JsonNode second = call("{}");
    context.getRouteController().stopRoute("helpdesk-action-create");

    assertThat(first).isEqualTo(second).hasToString("null");
    assertThat(registry.find("helpdesk", "create")).isEmpty();
  }

  @Test
  void the_steps_find_their_connection() throws Exception {
    load(
        "{}",
        "setBody: { expression: { simple: { expression: \"${exchangeProperty."
            + ConnectionExchange.CONNECTION
            + ".connectionId}\" } } }");

    assertThat(call("null")).hasToString("\"ann\"");
  }

  @Test
  void the_input_stays_at_hand_when_a_step_has_replaced_the_body() throws Exception {
    load(
        "{}",
        """
        setBody: { expression: { constant: { expression: looked-up } } }
                - setBody: { expression: { simple: { expression: "${exchangeProperty.%s}" } } }\
        """
            .formatted(ConnectionExchange.INPUT));

    assertThat(call("{\"a\":1}")).hasToString("{\"a\":1}");
  }

  @Test
  void what_a_step_throws_reaches_the_caller() throws Exception {
    load(
        "{}",
        "throwException: { exceptionType: java.lang.IllegalStateException, message: broken }");

    assertThatThrownBy(() -> call("null")).hasMessage("broken");
  }

  @Test
  void an_unknown_schema_stops_the_route_and_names_the_file_to_add() {
    assertThatThrownBy(() -> load("{ input: Nonsense }", "log: { message: never }"))
        .hasStackTraceContaining("providers/helpdesk/schemas/Nonsense.json");
  }

  @Test
  void an_unknown_option_stops_the_route() {
    assertThatThrownBy(() -> load("{ inputs: TicketCreate }", "log: { message: never }"))
        .hasStackTraceContaining("inputs");
  }

  private JsonNode call(String input) throws Exception {
    return registry.find("helpdesk", "create").orElseThrow().route().run(ANN, Json.parse(input));
  }

  private void load(String parameters, String step) throws Exception {
    String yaml =
        """
        - route:
            id: helpdesk-action-create
            from:
              uri: action:helpdesk/create
              parameters: %s
              steps:
                - %s
        """
            .formatted(parameters, step);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("create.camel.yaml", yaml));
  }
}

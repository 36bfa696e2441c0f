package dev.serai.sync.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.record.RecordPage;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.stream.StreamException;
import dev.serai.stream.StreamException.ErrorClass;
import dev.serai.stream.StreamReader;
import dev.serai.stream.Streams;
import dev.serai.sync.SyncDefinition;
import dev.serai.sync.SyncRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a route may do to a page, in the YAML an integrator writes. */
class SyncRouteTest {
  private final SyncRegistry registry = new SyncRegistry();
  private final Page page = new Page();
  private DefaultCamelContext context;

  @BeforeEach
  void start() {
    context = new DefaultCamelContext();
    context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    context.addComponent(
        "sync",
        new SyncComponent(
            registry,
            new OneStream(),
            () -> {
              throw new IllegalStateException("no tick here");
            },
            (connections, syncs, mode) -> 0));
    context.getRegistry().bind("keep", (org.apache.camel.Processor) this::keep);
    context.getRegistry().bind("refuse", (org.apache.camel.Processor) this::refuse);
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void a_page_goes_through_the_steps_with_its_connection_and_its_handle() throws Exception {
    route("every: 15m", "- process: {ref: keep}");

    Optional<Throwable> failure = send("[{\"id\":\"1\"},{\"id\":\"2\"}]");

    assertThat(failure).isEmpty();
    assertThat(page.saved).containsExactly("1", "2");
  }

  @Test
  void the_children_of_a_split_share_the_page() throws Exception {
    route(
        "every: 15m",
        "- split: {expression: {simple: {expression: '${body}'}}, steps: [{process: {ref: keep}}]}");

    assertThat(send("[{\"id\":\"1\"},{\"id\":\"2\"}]")).isEmpty();
    assertThat(page.saved).containsExactly("1", "2");
  }

  @Test
  void a_child_of_a_split_that_fails_fails_the_page() throws Exception {
    route(
        "every: 15m",
        "- split: {expression: {simple: {expression: '${body}'}}, steps: [{process: {ref: refuse}}]}");

    assertThat(send("[{\"id\":\"1\"},{\"id\":\"2\"}]")).isPresent();
  }

  @Test
  void an_exception_and_a_rollback_mark_are_failures() throws Exception {
    route("every: 15m", "- process: {ref: refuse}");
    assertThat(send("[{\"id\":\"1\"}]").orElseThrow()).hasMessageContaining("refused");

    context.getRouteController().stopRoute("desk-sync-tickets");
    context.removeRoute("desk-sync-tickets");
    route("every: 15m", "- rollback: {markRollbackOnly: true}");
    assertThat(send("[{\"id\":\"1\"}]").orElseThrow()).hasMessageContaining("rollback");
  }

  @Test
  void cron_and_zone_make_a_schedule_too() throws Exception {
    route("cron: 0 0 3 * * ?\n        zone: Europe/Berlin", "- process: {ref: keep}");

    assertThat(definition().schedule().describe()).isEqualTo("cron 0 0 3 * * ? Europe/Berlin");
  }

  @Test
  void a_route_without_a_schedule_or_a_stream_or_with_a_strange_option_does_not_start() {
    assertThatThrownBy(() -> route("model: Ticket", "- process: {ref: keep}"))
        .hasStackTraceContaining("needs exactly one of 'every'");
    assertThatThrownBy(() -> route("every: 10s", "- process: {ref: keep}"))
        .hasStackTraceContaining("too short");
    assertThatThrownBy(() -> route("evry: 15m", "- process: {ref: keep}"))
        .hasStackTraceContaining("evry");
    assertThatThrownBy(() -> load("sync:desk/unheard-of", "every: 15m", "- process: {ref: keep}"))
        .hasStackTraceContaining("there is no stream");
  }

  @Test
  void a_stopped_route_is_not_run_any_more_and_a_suspended_one_waits() throws Exception {
    route("every: 15m", "- process: {ref: keep}");
    assertThat(registry.all()).hasSize(1);

    context.getRouteController().stopRoute("desk-sync-tickets");

    assertThat(registry.all()).isEmpty();
  }

  private void keep(Exchange exchange) {
    JsonNode body = exchange.getMessage().getBody(JsonNode.class);
    RecordPage handle = exchange.getProperty(RecordPage.PROPERTY, RecordPage.class);
    assertThat(ConnectionExchange.of(exchange).connectionId()).isEqualTo("user-1");
    handle.save("Ticket", body.isArray() ? body.valueStream().toList() : List.of(body));
  }

  private void refuse(Exchange exchange) {
    throw new IllegalArgumentException("refused " + exchange.getExchangeId().isEmpty());
  }

  private Optional<Throwable> send(String records) {
    Connection connection =
        new Connection(1, 1, "dev", 1, "desk", "desk", "user-1", "t", Json.object(), null, null);
    return page.through(registry, connection, (ArrayNode) Json.parse(records));
  }

  private SyncDefinition definition() {
    return registry.all().getFirst();
  }

  private void route(String schedule, String steps) throws Exception {
    load("sync:desk/tickets", schedule, steps);
  }

  private void load(String uri, String schedule, String steps) throws Exception {
    String yaml =
        """
        - route:
            id: desk-sync-tickets
            from:
              uri: %s
              parameters:
                model: Ticket
                %s
              steps:
                %s
        """
            .formatted(uri, schedule, steps);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("route.camel.yaml", yaml));
  }

  /** The page as a route sees it. */
  private static final class Page implements RecordPage {
    private final List<String> saved = Collections.synchronizedList(new ArrayList<>());

    Optional<Throwable> through(SyncRegistry registry, Connection connection, ArrayNode records) {
      return registry.route("desk/tickets").process(connection, records, this);
    }

    @Override
    public void add(Batch batch) {
      if (batch instanceof Batch.Save save) {
        save.records().forEach(r -> saved.add(r.path("id").asText()));
      }
    }

    @Override
    public void fail(String reason) {}
  }

  private static final class OneStream implements Streams {
    @Override
    public StreamReader open(
        Connection c, String stream, boolean full, JsonNode from, JsonNode at) {
      throw new IllegalStateException("no page is read here");
    }

    @Override
    public Facts facts(String provider, String stream) {
      if (!stream.equals("tickets")) {
        throw new StreamException(
            "unknown_stream", ErrorClass.SYSTEM, "there is no stream " + stream);
      }
      return new Facts(Deletes.NONE, false, true, 0, 0, 0.5);
    }

    @Override
    public boolean gone(Connection connection, String stream, String externalId) {
      return false;
    }
  }
}

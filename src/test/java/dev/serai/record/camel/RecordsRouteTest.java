package dev.serai.record.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.record.Sealing;
import dev.serai.record.ModelPolicies;
import dev.serai.record.Models;
import dev.serai.record.RecordPage;
import dev.serai.record.RecordWriter;
import dev.serai.record.RecordWriter.Batch;
import dev.serai.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordsRouteTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private final CamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    Models models = Models.unifiedOnly();
    context.addComponent(
        "records",
        new RecordsComponent(
            new RecordWriter(postgres.database(), models, ModelPolicies.NONE, Sealing.OFF),
            models,
            java.util.Map.of()));
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  /** Writes down what a route hands over. */
  private static final class Notebook implements RecordPage {
    private final List<String> entries = new ArrayList<>();
    private boolean closed;

    @Override
    public void add(Batch batch) {
      if (closed) {
        throw new IllegalStateException("the page is closed");
      }
      String override = batch.override() ? " override" : "";
      entries.add(
          switch (batch) {
            case Batch.Save save -> "save " + save.model() + " " + save.records() + override;
            case Batch.Delete delete ->
                "delete " + delete.model() + " " + delete.externalIds() + override;
          });
    }

    @Override
    public void fail(String reason) {
      entries.add("fail");
    }
  }

  @Test
  void a_page_is_handed_records_or_one_record_or_deletions() {
    Notebook page = new Notebook();

    send("records:ticket", page, "[{\"id\":1},{\"id\":2}]");
    send("records:Ticket", page, "{\"id\":3}");
    send("records:Ticket?delete=true", page, "[{\"id\":4},\"5\",6]");

    assertThat(page.entries)
        .containsExactly(
            "save Ticket [{\"id\":1}, {\"id\":2}]",
            "save Ticket [{\"id\":3}]",
            "delete Ticket [4, 5, 6]");
  }

  @Test
  void a_closed_page_fails_the_route() {
    Notebook page = new Notebook();
    page.closed = true;

    assertThat(send("records:Ticket", page, "[]").getException())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_body_that_is_no_record_fails_the_route() {
    for (String body : new String[] {"null", "5", "\"x\""}) {
      assertThat(send("records:Ticket", new Notebook(), body).getException())
          .as(body)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("takes a JSON array of records or one record");
    }
    assertThat(send("records:Ticket?delete=true", new Notebook(), "[{\"name\":1}]").getException())
        .hasMessage("a record to delete has no usable id");
  }

  @Test
  void without_a_page_and_a_connection_it_fails() {
    assertThat(send("records:Ticket", null, "[]").getException())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void in_an_action_the_record_is_saved_at_once() {
    Exchange exchange =
        ExchangeBuilder.anExchange(context)
            .withBody(Json.parse("{\"id\":9,\"title\":\"Printer\"}"))
            .withProperty(
                ConnectionExchange.CONNECTION,
                new Connection(
                    3, 1, "dev", 1, "redmine", "redmine", "u1", "u1", Json.object(), null, null))
            .build();

    context.createProducerTemplate().send("records:Ticket", exchange);

    assertThat(exchange.getException()).isNull();
    List<String> rows =
        postgres
            .database()
            .read(handle ->
                handle
                    .createQuery(
                        "select concat(c.connection, c.model, r.external_id, r.writer, r.stream) from record r"
                            + " join collection c on c.id = r.collection")
                    .mapTo(String.class)
                    .list());
    assertThat(rows).containsExactly("3Ticket9a");
  }

  @Test
  void a_misspelt_option_or_model_stops_the_route_from_starting() {
    assertThatThrownBy(() -> context.getEndpoint("records:Ticket?deleted=true"))
        .hasMessageContaining("deleted");
    assertThatThrownBy(() -> context.getEndpoint("records:raw thing"))
        .hasMessageContaining("not a model's name");
  }

  private Exchange send(String uri, RecordPage page, String json) {
    Exchange exchange = ExchangeBuilder.anExchange(context).withBody(Json.parse(json)).build();
    exchange.setProperty(RecordPage.PROPERTY, page);
    return context.createProducerTemplate().send(uri, exchange);
  }
}

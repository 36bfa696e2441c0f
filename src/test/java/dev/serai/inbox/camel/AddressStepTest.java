package dev.serai.inbox.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.inbox.Addresses;
import dev.serai.support.Marked;
import dev.serai.support.TestDatabase;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AddressStepTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @Test
  void it_makes_an_address_of_its_own_for_the_connection() throws Exception {
    int environment = postgres.environment();
    postgres
        .database()
        .useTransaction(handle -> {
          handle.execute(
              "insert into integration (environment, unique_key, provider) values (?, 'sample', 'sample')",
              environment);
          handle.execute(
              "insert into connection (environment, integration, connection_id, tenant) values (?, 1, 'anna', 'a')",
              environment);
        });
    Connection anna = new ConnectionStore(postgres.database()).find(1).orElseThrow();
    Vault vault = new Vault(MasterKey.parse(Marked.MASTER_KEY));
    List<JsonNode> told = new ArrayList<>();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      Addresses addresses = new Addresses(postgres.database(), vault, of -> "http://here");
      context.start();
      var endpoint = new AddressEndpoint("webhook:address", null, addresses);
      endpoint.setCamelContext(context);
      for (int i = 0; i < 2; i++) {
        Exchange exchange = endpoint.createExchange();
        exchange.setProperty(ConnectionExchange.CONNECTION, anna);
        exchange.getMessage().setBody(Json.object().put("resource", "r"));
        endpoint.createProducer().process(exchange);
        told.add((JsonNode) exchange.getMessage().getBody());
      }
    }

    assertThat(told.getFirst().path("resource").asText()).isEqualTo("r");
    assertThat(told.getFirst().path("webhook_url").asText())
        .matches("http://here\\?address=[A-Za-z0-9_-]{32}")
        .isNotEqualTo(told.getLast().path("webhook_url").asText());
    List<String> rows =
        postgres
            .database()
            .read(handle ->
                handle
                    .createQuery(
                        "select connection::text from webhook_address where secret is null")
                    .mapTo(String.class)
                    .list());
    assertThat(rows).containsExactly("1", "1");
  }
}

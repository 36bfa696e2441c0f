package dev.serai.inbox.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.inbox.Addresses;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Makes a webhook address for the connection of the exchange and puts it into the body, an object,
 * as {@code webhook_url}.
 */
final class AddressEndpoint extends DefaultEndpoint {
  private final Addresses addresses;

  AddressEndpoint(String uri, Component component, Addresses addresses) {
    super(uri, component);
    this.addresses = addresses;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        JsonNode body = ConnectionExchange.json(exchange);
        ObjectNode told = body instanceof ObjectNode object ? object.deepCopy() : Json.object();
        told.put("webhook_url", addresses.make(ConnectionExchange.of(exchange)));
        exchange.getMessage().setBody(told);
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("webhook:address is a step, not the beginning");
  }
}

package dev.serai.mapping.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Mappings;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

final class MappingEndpoint extends DefaultEndpoint {
  private final Mappings mappings;
  private final String provider;
  private final String name;

  MappingEndpoint(
      String uri, MappingComponent component, Mappings mappings, String provider, String name) {
    super(uri, component);
    this.mappings = mappings;
    this.provider = provider;
    this.name = name;
  }

  @Override
  public Producer createProducer() {
    mappings.get(provider, name); // a broken mapping is refused with its route, not with a page
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        exchange.getMessage().setBody(map(exchange));
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("mapping: is a step, not the beginning of a route");
  }

  private JsonNode map(Exchange exchange) {
    Mapping mapping = mappings.get(provider, name);
    Map<String, JsonNode> variables =
        Map.of("connection", connection(exchange), "input", ConnectionExchange.input(exchange));
    JsonNode body = ConnectionExchange.json(exchange);
    if (!body.isArray()) {
      return mapping.apply(body, variables);
    }
    ArrayNode mapped = Json.array();
    for (JsonNode record : body) {
      JsonNode result = mapping.apply(record, variables);
      if (!result.isNull()) {
        mapped.add(result);
      }
    }
    return mapped;
  }

  private static JsonNode connection(Exchange exchange) {
    Connection connection = exchange.getProperty(ConnectionExchange.CONNECTION, Connection.class);
    if (connection == null) {
      return NullNode.instance;
    }
    return Json.object()
        .put("id", connection.connectionId())
        .set("config", connection.config().deepCopy());
  }
}

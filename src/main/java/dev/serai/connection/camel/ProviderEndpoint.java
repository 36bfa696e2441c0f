package dev.serai.connection.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ProviderCall;
import dev.serai.connection.ProviderClient;
import dev.serai.connection.ProviderRefusal;
import dev.serai.connection.UnreadableAnswer;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * The options of one call.
 *
 * <ul>
 *   <li>{@code method}: GET unless set
 *   <li>{@code path}: under the base URL; <code>{field}</code> is filled from the body, else from
 *       the action's input
 *   <li>{@code into}: put the answer under this field of the body instead of replacing the body
 * </ul>
 *
 * POST, PUT and PATCH send the body as JSON. The answer is the parsed JSON; null without one.
 */
public final class ProviderEndpoint extends DefaultEndpoint {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  private final ProviderClient client;
  private final String provider;
  private String method = "GET";
  private @Nullable String path;
  private @Nullable String into;

  ProviderEndpoint(
      String uri, ProviderComponent component, ProviderClient client, String provider) {
    super(uri, component);
    this.client = client;
    this.provider = provider;
  }

  @Override
  public Producer createProducer() {
    String declared = path;
    if (declared == null || declared.isBlank() || !METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "provider:%s needs 'path' and a 'method' out of %s".formatted(provider, METHODS));
    }
    PathTemplate template = new PathTemplate(declared);
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        JsonNode body = ConnectionExchange.json(exchange);
        JsonNode answer = call(exchange, template, body);
        exchange.getMessage().setBody(placed(answer, body));
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("provider: is a step, not the beginning of a route");
  }

  private JsonNode call(Exchange exchange, PathTemplate template, JsonNode body) {
    Connection connection = ConnectionExchange.of(exchange);
    if (!connection.provider().equals(provider)) {
      throw new IllegalStateException(
          "a route of %s cannot call provider:%s".formatted(connection.provider(), provider));
    }
    String filled = template.fill(List.of(body, ConnectionExchange.input(exchange)));
    boolean sends = List.of("POST", "PUT", "PATCH").contains(method);
    HttpAnswer answer =
        client.call(
            connection,
            new ProviderCall(method, filled, List.of(), Headers.NONE, sends ? body : null));
    if (!answer.ok()) {
      throw new ProviderRefusal(connection, method + " " + template.text(), answer);
    }
    return parsed(connection, template, answer);
  }

  private JsonNode parsed(Connection connection, PathTemplate template, HttpAnswer answer) {
    if (answer.body().length == 0) {
      return NullNode.instance;
    }
    try {
      JsonNode node = Json.parse(answer.body());
      return node.isMissingNode() ? NullNode.instance : node; // some answer 200 with a blank
    } catch (IOException e) {
      throw new UnreadableAnswer(connection, method + " " + template.text(), answer.status());
    }
  }

  private JsonNode placed(JsonNode answer, JsonNode body) {
    String field = into;
    if (field == null) {
      return answer;
    }
    ObjectNode object = body instanceof ObjectNode given ? given.deepCopy() : Json.object();
    return object.set(field, answer);
  }

  public String getMethod() {
    return method;
  }

  public void setMethod(String method) {
    this.method = method;
  }

  public @Nullable String getPath() {
    return path;
  }

  public void setPath(String path) {
    this.path = path;
  }

  public @Nullable String getInto() {
    return into;
  }

  public void setInto(String into) {
    this.into = into;
  }
}

package dev.serai.api.camel;

import java.util.function.Function;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One operation of the API, or one page or door, as the target of a route. */
final class OperationEndpoint extends DefaultEndpoint {
  private final Function<Endpoint, Producer> producers;

  OperationEndpoint(String uri, Component component, Function<Endpoint, Producer> producers) {
    super(uri, component);
    this.producers = producers;
  }

  @Override
  public Producer createProducer() {
    return producers.apply(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        getEndpointUri() + " ends a REST route, it cannot begin one");
  }
}

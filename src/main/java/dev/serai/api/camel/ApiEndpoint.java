package dev.serai.api.camel;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One operation of the API as the target of a route. */
final class ApiEndpoint extends DefaultEndpoint {
  private final ApiComponent component;
  private final String operation;

  ApiEndpoint(String uri, ApiComponent component, String operation) {
    super(uri, component);
    this.component = component;
    this.operation = operation;
  }

  @Override
  public Producer createProducer() {
    return new ApiProducer(this, component.api(), component.reader(), operation);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("api: ends a REST route, it cannot begin one");
  }
}

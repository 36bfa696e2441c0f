package dev.serai.api.camel;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One page or door as the target of a route. */
final class WebEndpoint extends DefaultEndpoint {
  private final WebComponent component;
  private final String operation;

  WebEndpoint(String uri, WebComponent component, String operation) {
    super(uri, component);
    this.component = component;
    this.operation = operation;
  }

  @Override
  public Producer createProducer() {
    return new WebProducer(this, component.web(), component.reader(), operation);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("web: ends a REST route, it cannot begin one");
  }
}

package dev.serai.connection.camel;

import dev.serai.connection.lifecycle.Preparations;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Looks once for connections that wait to be prepared; the work goes on in the background. */
final class PrepareEndpoint extends DefaultEndpoint {
  private final Preparations preparations;

  PrepareEndpoint(String uri, Component component, Preparations preparations) {
    super(uri, component);
    this.preparations = preparations;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        preparations.wake();
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("connection:prepare is a step, not the beginning");
  }
}

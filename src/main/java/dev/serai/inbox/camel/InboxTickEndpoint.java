package dev.serai.inbox.camel;

import dev.serai.inbox.InboxEngine;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Makes this node look for webhooks to work off; answers at once. */
final class InboxTickEndpoint extends DefaultEndpoint {
  private final InboxEngine engine;

  InboxTickEndpoint(String uri, WebhookComponent component, InboxEngine engine) {
    super(uri, component);
    this.engine = engine;
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) {
        engine.tick();
      }
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("webhook:tick is a step, not the beginning of a route");
  }
}
